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
 * @param pathTemplate what follows the prefix, without a slash in front: {@code {path}} stands for the client's path
 *     below {@code /v1/}, {@code {model}} for the upstream's model id; it may have a query
 * @param placements which dialects the upstream speaks natively, and where each of them expects the credential
 */
public record ProviderType(
        String id,
        String displayName,
        @Nullable URI baseUrl,
        String pathPrefix,
        String pathTemplate,
        Map<ApiDialect, CredentialPlacement> placements) {

    /** The template of everybody who keeps OpenAI's own paths. */
    public static final String PLAIN_PATH = "{path}";

    public ProviderType {
        placements = Map.copyOf(placements);
    }

    /** A type with plain paths. */
    public ProviderType(
            String id,
            String displayName,
            @Nullable URI baseUrl,
            String pathPrefix,
            Map<ApiDialect, CredentialPlacement> placements) {
        this(id, displayName, baseUrl, pathPrefix, PLAIN_PATH, placements);
    }

    /** The same type at an address where it keeps OpenAI's own paths. */
    public ProviderType withPlainPaths() {
        return new ProviderType(id, displayName, baseUrl, pathPrefix, placements);
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
