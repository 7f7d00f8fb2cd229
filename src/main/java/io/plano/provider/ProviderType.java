package io.plano.provider;

import io.plano.credential.CredentialSlot;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A vendor, or a kind of server, that the gateway knows: one row of the resource {@code providers.yaml}.
 *
 * @param id the prefix in {@code <provider>/<model>}, such as {@code openai}
 * @param displayName what {@code owned_by} of {@code GET /v1/models} says
 * @param baseUrl scheme, host and port of the public API, without path; null where every user has their own
 * @param pathPrefix what stands before {@code /chat/completions} where the configuration gives no path: {@code /v1};
 *     starts with a slash, ends without; empty for none
 * @param placements which dialects the upstream speaks natively, and where each of them expects the credential
 */
public record ProviderType(
        String id,
        String displayName,
        @Nullable URI baseUrl,
        String pathPrefix,
        Map<ApiDialect, CredentialPlacement> placements) {

    public ProviderType {
        placements = Map.copyOf(placements);
    }

    /** Whether requests in that dialect can be sent on as they are. */
    public boolean speaks(ApiDialect dialect) {
        return placements.containsKey(dialect);
    }

    /** Whether a client's credential in that slot is one of this vendor's own habit. */
    public boolean isNativeSlot(CredentialSlot slot) {
        return placements.values().stream().anyMatch(placement -> placement.slot() == slot);
    }
}
