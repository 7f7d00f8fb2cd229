package io.plano.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.HeaderLine;
import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * A gateway under {@code /plano} in front of a {@link ScriptedProvider}, for one test of one client. Every model wants
 * the client's own key.
 */
final class ClientGateway implements AutoCloseable {
    static final String KEY = "sk-proj-the-clients-own-key";
    static final String ANTHROPIC_KEY = "sk-ant-api03-the-clients-own-key";

    /** What a client library takes for a key and the gateway for none. */
    static final String PLACEHOLDER = "null";

    static final String CHAT_MODEL = "gpt-4o";
    static final String EMBEDDING_MODEL = "text-embedding-3-small";
    static final String ANTHROPIC_MODEL = "claude-sonnet-4-5";

    /** Of providers that speak one API only, so that a client of another is translated. */
    static final String CHAT_ONLY_MODEL = "gpt-chat";

    static final String RESPONSES_ONLY_MODEL = "gpt-responses";
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Set<String> SLOTS = Set.of("authorization", "x-api-key", "api-key", "x-goog-api-key");

    private final FakeUpstream upstream;
    private final GatewayContainer gateway;

    ClientGateway(GatewayContainer.Kind kind) {
        this(kind, ScriptedProvider::answer);
    }

    ClientGateway(GatewayContainer.Kind kind, Function<UpstreamRequest, Reply> provider) {
        upstream = FakeUpstream.start().onRequest(provider);
        gateway = GatewayContainer.start(kind, "/plano", """
                model_providers:
                  - {model: openai/%2$s, base_url: "%1$s", passthrough_auth: true, default: true}
                  - {model: openai/%3$s, base_url: "%1$s", passthrough_auth: true}
                  - {model: anthropic/%4$s, base_url: "%1$s", passthrough_auth: true}
                  - {model: openai/%5$s, base_url: "%1$s", passthrough_auth: true, apis: [chat]}
                  - {model: openai/%6$s, base_url: "%1$s", passthrough_auth: true, apis: [responses]}
                """.formatted(
                        upstream.baseUrl(),
                        CHAT_MODEL,
                        EMBEDDING_MODEL,
                        ANTHROPIC_MODEL,
                        CHAT_ONLY_MODEL,
                        RESPONSES_ONLY_MODEL));
    }

    FakeUpstream upstream() {
        return upstream;
    }

    /** Without {@code /v1}. */
    String baseUrl() {
        return gateway.baseUrl();
    }

    /** Fails unless the upstream got one request, for this target, and in it one credential: this line. */
    UpstreamRequest assertUpstreamGot(String target, String credential) throws InterruptedException {
        UpstreamRequest request = upstream.takeRequest(PATIENCE);
        assertThat(upstream.requests()).hasSize(1);
        assertCarries(request, target, credential);
        return request;
    }

    /** Fails unless all requests that the upstream got, which are so many, are for this target and carry this credential. */
    void assertUpstreamGotOnly(int requests, String target, String credential) {
        assertThat(upstream.requests())
                .hasSize(requests)
                .allSatisfy(request -> assertCarries(request, target, credential));
    }

    private static void assertCarries(UpstreamRequest request, String target, String credential) {
        assertThat(request.target()).isEqualTo(target);
        assertThat(request.headerLines().stream()
                        .filter(line -> SLOTS.contains(line.name().toLowerCase(Locale.ROOT)))
                        .map(line -> line.name().toLowerCase(Locale.ROOT) + ": " + line.value()))
                .containsExactly(credential);
        String key = credential.substring(credential.lastIndexOf(' ') + 1);
        assertThat(new String(request.rawBytes(), StandardCharsets.ISO_8859_1)).containsOnlyOnce(key);
        assertThat(request.headerLines())
                .extracting(HeaderLine::name)
                .extracting(name -> name.toLowerCase(Locale.ROOT))
                .doesNotContainAnyElementsOf(List.of("upgrade", "http2-settings"));
    }

    void assertUpstreamUntouched() {
        assertThat(upstream.connectionsAccepted()).isZero();
    }

    @Override
    public void close() {
        gateway.close();
        upstream.close();
    }
}
