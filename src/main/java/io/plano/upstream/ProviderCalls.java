package io.plano.upstream;

import io.plano.credential.Credential;
import io.plano.http.BodyChange;
import io.plano.http.HeaderRules;
import io.plano.http.Headers;
import io.plano.http.ResponseCoding;
import io.plano.http.UpstreamHead;
import io.plano.http.UpstreamHeaders;
import io.plano.provider.ApiDialect;
import io.plano.provider.AuthScheme;
import io.plano.provider.Provider;
import org.jspecify.annotations.Nullable;

/**
 * The one way to a provider, for what clients ask and for what the gateway asks by itself: strip first, the provider's rows
 * next, the credential last. The types allow no other order. Where it goes comes from the configuration alone. Safe for
 * every thread.
 */
public final class ProviderCalls {
    private final Sender upstream;
    private final String pseudonym;

    /** What requests go out by. Safe for every thread; never blocks. */
    public interface Sender {
        /**
         * Sends a request.
         *
         * @param body read on the reactor thread, or, if it is a {@link RepeatableBody}, possibly on this one; null for
         *     none. What frames it stands in the request's headers
         * @param listener called on the reactor thread, or, if the request cannot be sent, possibly on this one
         */
        UpstreamCall send(UpstreamRequest request, @Nullable RequestBody body, UpstreamListener listener);
    }

    /**
     * @param pseudonym the name of this instance in {@code Via} (RFC 9110 §7.6.3)
     */
    public ProviderCalls(Sender upstream, String pseudonym) {
        this.upstream = upstream;
        this.pseudonym = pseudonym;
    }

    /**
     * What is to be asked, before it is stripped and signed.
     *
     * @param target path and query (RFC 9112 §3.2.1)
     * @param headers whoever's they are
     * @param body how the body is framed
     * @param answer which content codings the answer may have
     * @param spoken the dialect of the request, which decides where the provider expects the credential
     */
    public record Draft(
            String method, String target, Headers headers, Body body, ResponseCoding answer, ApiDialect spoken) {}

    /**
     * How a body is framed.
     *
     * @param length in bytes, or {@link UpstreamHead#UNDECLARED}
     * @param change what became of it since the headers were written
     */
    public record Body(long length, BodyChange change) {
        /** There is none. */
        public static final Body NONE = new Body(UpstreamHead.UNDECLARED, BodyChange.NONE);
    }

    /**
     * The request as it goes out.
     *
     * @param credential null for none
     * @throws IllegalStateException if the provider does not speak the dialect
     */
    public UpstreamRequest request(Provider provider, Draft draft, @Nullable Credential credential) {
        UpstreamHeaders stripped = HeaderRules.toUpstream(
                        draft.headers(),
                        new UpstreamHead(
                                provider.host(),
                                draft.body().length(),
                                pseudonym,
                                draft.body().change(),
                                draft.answer()),
                        provider.forwardHeaders())
                .withProviderRows(provider.headers());
        AuthScheme auth = provider.type().auth(draft.spoken());
        if (auth == null) {
            throw new IllegalStateException("routed to a provider that does not speak the dialect");
        }
        AuthScheme.Unsigned unsigned =
                new AuthScheme.Unsigned(draft.method(), provider.endpoint(), draft.target(), stripped);
        return new UpstreamRequest(
                draft.method(),
                provider.endpoint(),
                draft.target(),
                auth.sign(unsigned, credential),
                provider.timeouts(),
                provider.transport());
    }

    /** As {@link Sender#send}. */
    public UpstreamCall send(UpstreamRequest request, @Nullable RequestBody body, UpstreamListener listener) {
        return upstream.send(request, body, listener);
    }

    /** The name of this instance in {@code Via}. */
    public String pseudonym() {
        return pseudonym;
    }
}
