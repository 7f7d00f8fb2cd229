package io.plano.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import io.plano.testing.ContainerTest;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** OpenAI's own Java library. */
@ContainerTest
@LeakChecked(ignoringThreads = {"OkHttp", "Okio"})
@Timeout(60)
class OpenAiJavaIT {
    private static final String BEARER = "authorization: Bearer " + ClientGateway.KEY;

    private ClientGateway gateway;
    private OpenAIClient client;

    @BeforeEach
    void start(GatewayContainer.Kind kind) {
        gateway = new ClientGateway(kind);
        client = client(ClientGateway.KEY);
    }

    @AfterEach
    void stop() {
        client.close();
        gateway.close();
    }

    @Test
    void completesAChat() throws Exception {
        ChatCompletion completion = client.chat().completions().create(chat());
        assertThat(completion.choices().get(0).message().content()).contains(ScriptedProvider.ANSWER);
        gateway.assertUpstreamGot("/v1/chat/completions", BEARER);
    }

    @Test
    void streamsAChat() throws Exception {
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(chat())) {
            assertThat(chunks.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .flatMap(choice -> choice.delta().content().stream())
                            .collect(Collectors.joining()))
                    .isEqualTo(ScriptedProvider.ANSWER);
        }
        gateway.assertUpstreamGot("/v1/chat/completions", BEARER);
    }

    @Test
    void createsAResponse() throws Exception {
        Response response = client.responses().create(response());
        assertThat(response.output()
                        .get(0)
                        .asMessage()
                        .content()
                        .get(0)
                        .asOutputText()
                        .text())
                .isEqualTo(ScriptedProvider.ANSWER);
        gateway.assertUpstreamGot("/v1/responses", BEARER);
    }

    @Test
    void streamsAResponse() throws Exception {
        try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(response())) {
            assertThat(events.stream()
                            .flatMap(event -> event.outputTextDelta().stream())
                            .map(delta -> delta.delta())
                            .collect(Collectors.joining()))
                    .isEqualTo(ScriptedProvider.ANSWER);
        }
        gateway.assertUpstreamGot("/v1/responses", BEARER);
    }

    @Test
    void embeds() throws Exception {
        CreateEmbeddingResponse embeddings = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model(ClientGateway.EMBEDDING_MODEL)
                        .input("Hello")
                        .build());
        assertThat(embeddings.data().get(0).embedding()).containsExactly(0.5f, -0.25f, 1.0f);
        gateway.assertUpstreamGot("/v1/embeddings", BEARER);
    }

    @Test
    void listsModelsWithoutTheUpstream() {
        assertThat(client.models().list().items())
                .extracting(Model::id)
                .contains(ClientGateway.CHAT_MODEL, ClientGateway.EMBEDDING_MODEL);
        assertThat(client.models().retrieve(ClientGateway.CHAT_MODEL).id()).isEqualTo(ClientGateway.CHAT_MODEL);
        gateway.assertUpstreamUntouched();
    }

    @Test
    void throwsUnauthorizedWithTheGatewaysMessage() {
        OpenAIClient keyless = client(ClientGateway.PLACEHOLDER);
        assertThatThrownBy(() -> keyless.chat().completions().create(chat()))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("No usable API key was provided");
        assertThatThrownBy(() -> keyless.responses().createStreaming(response()).close())
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("No usable API key was provided");
        keyless.close();
        gateway.assertUpstreamUntouched();
    }

    @Test
    void seesWhenToTryAgain() {
        gateway.upstream().enqueue(ScriptedProvider.tooManyRequests("""
                {"error":{"message":"Slow down","type":"requests","param":null,"code":"rate_limit_exceeded"}}"""));
        RateLimitException refusal = catchThrowableOfType(
                RateLimitException.class, () -> client.chat().completions().create(chat()));
        assertThat(refusal).hasMessageContaining("Slow down");
        assertThat(refusal.code()).contains("rate_limit_exceeded");
        assertThat(refusal.headers().values("retry-after")).containsExactly("17");
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(gateway.baseUrl() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .timeout(ClientGateway.PATIENCE)
                .build();
    }

    private static ChatCompletionCreateParams chat() {
        return ChatCompletionCreateParams.builder()
                .model(ClientGateway.CHAT_MODEL)
                .addUserMessage("Hello")
                .build();
    }

    private static ResponseCreateParams response() {
        return ResponseCreateParams.builder()
                .model(ClientGateway.CHAT_MODEL)
                .input("Hello")
                .build();
    }
}
