package io.plano.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.HeaderLine;
import io.plano.testing.UpstreamRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What an upstream may hold in the places where somebody might look for a secret. */
final class Slots {
    /** Every header in which a client of some vendor, a browser or a proxy puts a credential. */
    static final List<String> ALL = List.of(
            "authorization",
            "x-api-key",
            "api-key",
            "x-goog-api-key",
            "ocp-apim-subscription-key",
            "cookie",
            "proxy-authorization",
            "cf-aig-authorization",
            "x-amz-security-token",
            "x-portkey-api-key",
            "x-litellm-api-key",
            "helicone-auth",
            "openai-api-key",
            "anthropic-api-key");

    private Slots() {}

    /** That exactly this one credential arrived, in this one place. */
    static void assertOnly(UpstreamRequest request, String name, String value) {
        assertThat(request.headers(name)).as(request.rawHead()).containsExactly(value);
        assertThat(filled(request)).as(request.rawHead()).containsExactly(name.toLowerCase(Locale.ROOT));
    }

    /** That no credential arrived. */
    static void assertNone(UpstreamRequest request) {
        assertThat(filled(request)).as(request.rawHead()).isEmpty();
    }

    /** That none of these texts arrived anywhere in the request, not even within a line. */
    static void assertNowhere(UpstreamRequest request, String... secrets) {
        assertThat(new String(request.rawBytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain(secrets);
    }

    /** Spelled with {@code _} a slot counts all the same (R29). */
    private static Set<String> filled(UpstreamRequest request) {
        Set<String> filled = new TreeSet<>();
        for (HeaderLine line : request.headerLines()) {
            String name = line.name().strip().toLowerCase(Locale.ROOT).replace('_', '-');
            if (ALL.contains(name)) {
                filled.add(name);
            }
        }
        return filled;
    }
}
