package io.plano.http;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may call the gateway from a browser (WHATWG Fetch, CORS protocol). Cookies and other credentials of the
 * browser itself are never allowed: the gateway takes none, and keys are sent by the page.
 *
 * @param origins exact origins, or {@code *} for all; nothing at all where CORS is not configured (R54)
 */
public record CorsPolicy(Set<String> origins) {
    /** Not configured: no answer says anything about origins. */
    public static final CorsPolicy NONE = new CorsPolicy(Set.of());

    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";

    /** Beyond two hours Chromium does not go, and a policy may change. */
    private static final String MAX_AGE_SECONDS = "7200";

    private static final Pattern FIELD_NAMES = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, \\t-]{1,4096}");

    /** What clients of model APIs read; a page sees no other field of an answer. */
    private static final String EXPOSED = String.join(
            ", ",
            "x-request-id",
            "request-id",
            "x-upstream-request-id",
            "retry-after",
            "retry-after-ms",
            "x-should-retry",
            "x-ratelimit-limit-requests",
            "x-ratelimit-remaining-requests",
            "x-ratelimit-reset-requests",
            "x-ratelimit-limit-tokens",
            "x-ratelimit-remaining-tokens",
            "x-ratelimit-reset-tokens",
            "anthropic-ratelimit-requests-limit",
            "anthropic-ratelimit-requests-remaining",
            "anthropic-ratelimit-requests-reset",
            "anthropic-ratelimit-tokens-limit",
            "anthropic-ratelimit-tokens-remaining",
            "anthropic-ratelimit-tokens-reset",
            "anthropic-organization-id",
            "openai-organization",
            "openai-processing-ms",
            "openai-version",
            "proxy-status",
            "x-plano-dropped",
            "x-plano-estimated");

    public CorsPolicy {
        origins = Set.copyOf(origins);
    }

    /** The fields that every answer to this request carries. */
    public Headers forAnswer(Headers request) {
        if (origins.isEmpty()) {
            return Headers.EMPTY;
        }
        Headers.Builder fields = Headers.builder().add("Vary", "Origin");
        String allowed = allowed(request.first("Origin"));
        if (allowed != null) {
            fields.add("Access-Control-Allow-Origin", allowed).add("Access-Control-Expose-Headers", EXPOSED);
        }
        return fields.build();
    }

    /** What the answer to a preflight says beyond that; nothing where the request is none, or its origin not allowed. */
    public Headers forPreflight(Headers request) {
        if (allowed(request.first("Origin")) == null || !request.contains("Access-Control-Request-Method")) {
            return Headers.EMPTY;
        }
        Headers.Builder fields = Headers.builder()
                .add("Access-Control-Allow-Methods", METHODS)
                .add("Access-Control-Max-Age", MAX_AGE_SECONDS)
                .add("Vary", "Access-Control-Request-Headers");
        String asked = request.first("Access-Control-Request-Headers");
        if (asked != null && FIELD_NAMES.matcher(asked).matches()) {
            // Whatever a client sends on goes through the header table, so there is nothing to choose from here. A
            // wildcard would not do: it does not cover Authorization.
            fields.add("Access-Control-Allow-Headers", asked);
        }
        return fields.build();
    }

    private @Nullable String allowed(@Nullable String origin) {
        if (origin == null) {
            return null;
        }
        if (origins.contains("*")) {
            return "*";
        }
        return origins.contains(origin) ? origin : null;
    }
}
