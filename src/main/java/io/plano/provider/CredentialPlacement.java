package io.plano.provider;

import io.plano.credential.Credential;
import io.plano.credential.CredentialSlot;
import io.plano.http.Headers;
import io.plano.http.UpstreamHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a provider expects its credential: the one place through which a secret leaves the gateway.
 *
 * <ul>
 *   <li>A scheme other than Bearer stays what it is: {@code Basic} cannot be turned into a key.
 *   <li>A token that starts with one of {@code bearerPrefixes} goes out as bearer whatever slot it came in: Anthropic
 *       refuses OAuth tokens ({@code sk-ant-oat…}) in {@code x-api-key}.
 *   <li>A bearer token stays bearer from {@code bearerSince} on: since that API version Anthropic's own SDKs send it so.
 *   <li>Everything else goes to {@code slot}.
 * </ul>
 *
 * @param slot where a plain key goes
 * @param bearerPrefixes prefixes of tokens that are always bearer tokens
 * @param versionHeader the request header that carries the API version, or null
 * @param bearerSince the first API version (ISO date) in which bearer tokens stay bearer, or null
 */
public record CredentialPlacement(
        CredentialSlot slot,
        List<String> bearerPrefixes,
        @Nullable String versionHeader,
        @Nullable String bearerSince) implements AuthScheme {

    /** {@code Authorization: Bearer …}, as nearly every provider wants it. */
    public static final CredentialPlacement BEARER =
            new CredentialPlacement(CredentialSlot.AUTHORIZATION, List.of(), null, null);

    public CredentialPlacement {
        bearerPrefixes = List.copyOf(bearerPrefixes);
    }

    @Override
    public Headers sign(Unsigned request, @Nullable Credential credential) {
        return apply(credential, request.headers());
    }

    /** Puts the credential into headers that hold none yet, and finishes them. Null adds nothing. */
    public Headers apply(@Nullable Credential credential, UpstreamHeaders headers) {
        if (credential == null) {
            return headers.withoutCredential();
        }
        String secret = credential.reveal();
        if (credential.scheme() == Credential.Scheme.VERBATIM) {
            return headers.withCredential(CredentialSlot.AUTHORIZATION.fieldName(), secret);
        }
        if (slot == CredentialSlot.AUTHORIZATION || staysBearer(credential, secret, headers)) {
            return headers.withCredential(CredentialSlot.AUTHORIZATION.fieldName(), "Bearer " + secret);
        }
        return headers.withCredential(slot.fieldName(), secret);
    }

    private boolean staysBearer(Credential credential, String secret, UpstreamHeaders headers) {
        for (String prefix : bearerPrefixes) {
            if (secret.startsWith(prefix)) {
                return true;
            }
        }
        if (credential.scheme() != Credential.Scheme.BEARER || versionHeader == null || bearerSince == null) {
            return false;
        }
        // API versions are ISO dates, so their text order is their order in time.
        String version = headers.first(versionHeader);
        return version != null && version.compareTo(bearerSince) >= 0;
    }
}
