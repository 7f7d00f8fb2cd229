package io.plano.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.models.ModelInfo;
import io.plano.testing.ContainerTest;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.UpstreamRequest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Anthropic's own Java library, of the generation that sends its key as a bearer token. */
@ContainerTest
@LeakChecked(ignoringThreads = {"OkHttp", "Okio"})
@Timeout(60)
class AnthropicJavaIT {
    private static final String BEARER = "authorization: Bearer " + ClientGateway.ANTHROPIC_KEY;

    private ClientGateway gateway;
    private AnthropicClient client;

    @BeforeEach
    void start(GatewayContainer.Kind kind) {
        gateway = new ClientGateway(kind);
        client = client(ClientGateway.ANTHROPIC_KEY);
    }

    @AfterEach
    void stop() {
        client.close();
        gateway.close();
    }

    @Test
    void createsAMessage() throws Exception {
        Message message = client.messages().create(message());
        assertThat(message.content().get(0).asText().text()).isEqualTo(ScriptedProvider.ANSWER);
        UpstreamRequest request = gateway.assertUpstreamGot("/v1/messages", BEARER);
        assertThat(request.header("anthropic-version")).isEqualTo("2026-10-21");
    }

    @Test
    void streamsAMessage() throws Exception {
        try (StreamResponse<RawMessageStreamEvent> events = client.messages().createStreaming(message())) {
            assertThat(events.stream()
                            .flatMap(event -> event.contentBlockDelta().stream())
                            .flatMap(delta -> delta.delta().text().stream())
                            .map(text -> text.text())
                            .collect(Collectors.joining()))
                    .isEqualTo(ScriptedProvider.ANSWER);
        }
        gateway.assertUpstreamGot("/v1/messages", BEARER);
    }

    @Test
    void countsTokens() throws Exception {
        MessageCountTokensParams params = MessageCountTokensParams.builder()
                .model(ClientGateway.ANTHROPIC_MODEL)
                .addUserMessage("Hello")
                .build();
        assertThat(client.messages().countTokens(params).inputTokens()).isEqualTo(7);
        gateway.assertUpstreamGot("/v1/messages/count_tokens", BEARER);
    }

    @Test
    void listsModelsWithoutTheUpstream() {
        assertThat(client.models().list().items()).extracting(ModelInfo::id).contains(ClientGateway.ANTHROPIC_MODEL);
        gateway.assertUpstreamUntouched();
    }

    @Test
    void throwsUnauthorizedWithTheGatewaysMessage() {
        AnthropicClient keyless = client(ClientGateway.PLACEHOLDER);
        assertThatThrownBy(() -> keyless.messages().create(message()))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("No usable API key was provided");
        assertThatThrownBy(() -> keyless.messages().createStreaming(message()).close())
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("No usable API key was provided");
        keyless.close();
        gateway.assertUpstreamUntouched();
    }

    @Test
    void seesWhenToTryAgain() {
        gateway.upstream().enqueue(ScriptedProvider.tooManyRequests("""
                {"type":"error","error":{"type":"rate_limit_error","message":"Slow down"}}"""));
        RateLimitException refusal = catchThrowableOfType(
                RateLimitException.class, () -> client.messages().create(message()));
        assertThat(refusal).hasMessageContaining("Slow down");
        assertThat(refusal.headers().values("retry-after")).containsExactly("17");
    }

    private AnthropicClient client(String key) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(gateway.baseUrl())
                .apiKey(key)
                .maxRetries(0)
                .timeout(ClientGateway.PATIENCE)
                .build();
    }

    private static MessageCreateParams message() {
        return MessageCreateParams.builder()
                .model(ClientGateway.ANTHROPIC_MODEL)
                .maxTokens(64)
                .addUserMessage("Hello")
                .build();
    }
}
