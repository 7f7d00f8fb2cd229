package io.plano.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.plano.testing.ContainerTest;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.UpstreamRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * LangChain4j. It uses the JDK's HTTP client, which asks for HTTP/2 with {@code Upgrade: h2c} on every new connection,
 * body and all (RFC 7540 §3.2); RFC 9110 §7.8 lets a server ignore that.
 */
@ContainerTest
@LeakChecked(ignoringThreads = {"HttpClient-", "ForkJoinPool"})
@Timeout(60)
class LangChain4jIT {
    private static final String BEARER = "authorization: Bearer " + ClientGateway.KEY;
    private static final String X_API_KEY = "x-api-key: " + ClientGateway.ANTHROPIC_KEY;

    private ClientGateway gateway;

    @BeforeEach
    void start(GatewayContainer.Kind kind) {
        gateway = new ClientGateway(kind);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void asksForHttp2() throws Exception {
        gateway.upstream().onRequest(request -> ScriptedProvider.answer(request).header("Connection", "close"));
        ChatModel direct = openAi(gateway.upstream().baseUrl(), ClientGateway.KEY);
        assertThat(direct.chat("Hello")).isEqualTo(ScriptedProvider.ANSWER);
        UpstreamRequest request = gateway.upstream().takeRequest(ClientGateway.PATIENCE);
        assertThat(request.header("Upgrade")).isEqualTo("h2c");
        assertThat(request.header("Connection")).contains("HTTP2-Settings");
    }

    @Test
    void completesAnOpenAiChat() throws Exception {
        assertThat(openAi(gateway.baseUrl(), ClientGateway.KEY).chat("Hello")).isEqualTo(ScriptedProvider.ANSWER);
        gateway.assertUpstreamGot("/v1/chat/completions", BEARER);
    }

    @Test
    void completesAChatWithALongQuestion() throws Exception {
        String question = "Why? ".repeat(200_000);
        assertThat(openAi(gateway.baseUrl(), ClientGateway.KEY).chat(question)).isEqualTo(ScriptedProvider.ANSWER);
        UpstreamRequest request = gateway.assertUpstreamGot("/v1/chat/completions", BEARER);
        assertThat(request.bodyText()).contains(question);
    }

    @Test
    void streamsAnOpenAiChat() throws Exception {
        assertThat(streamed(openAiStreaming(ClientGateway.KEY))).isEqualTo(ScriptedProvider.ANSWER);
        gateway.assertUpstreamGot("/v1/chat/completions", BEARER);
    }

    @Test
    void embedsWithOpenAi() throws Exception {
        OpenAiEmbeddingModel model = OpenAiEmbeddingModel.builder()
                .baseUrl(gateway.baseUrl() + "/v1")
                .apiKey(ClientGateway.KEY)
                .modelName(ClientGateway.EMBEDDING_MODEL)
                .timeout(ClientGateway.PATIENCE)
                .maxRetries(0)
                .build();
        assertThat(model.embed("Hello").content().vector()).containsExactly(0.5f, -0.25f, 1.0f);
        gateway.assertUpstreamGot("/v1/embeddings", BEARER);
    }

    @Test
    void createsAnAnthropicMessage() throws Exception {
        assertThat(anthropic(ClientGateway.ANTHROPIC_KEY).chat("Hello")).isEqualTo(ScriptedProvider.ANSWER);
        UpstreamRequest request = gateway.assertUpstreamGot("/v1/messages", X_API_KEY);
        assertThat(request.header("anthropic-version")).isEqualTo("2023-06-01");
    }

    @Test
    void streamsAnAnthropicMessage() throws Exception {
        StreamingChatModel model = AnthropicStreamingChatModel.builder()
                .baseUrl(gateway.baseUrl() + "/v1")
                .apiKey(ClientGateway.ANTHROPIC_KEY)
                .modelName(ClientGateway.ANTHROPIC_MODEL)
                .maxTokens(64)
                .timeout(ClientGateway.PATIENCE)
                .build();
        assertThat(streamed(model)).isEqualTo(ScriptedProvider.ANSWER);
        gateway.assertUpstreamGot("/v1/messages", X_API_KEY);
    }

    @Test
    void throwsAuthenticationExceptionWithTheGatewaysMessage() {
        assertThatThrownBy(() ->
                        openAi(gateway.baseUrl(), ClientGateway.PLACEHOLDER).chat("Hello"))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("No usable API key was provided");
        assertThatThrownBy(() -> anthropic(ClientGateway.PLACEHOLDER).chat("Hello"))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("No usable API key was provided");
        assertThatThrownBy(() -> streamed(openAiStreaming(ClientGateway.PLACEHOLDER)))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("No usable API key was provided");
        gateway.assertUpstreamUntouched();
    }

    @Test
    void throwsRateLimitExceptionWithTheUpstreamsMessage() {
        gateway.upstream().enqueue(ScriptedProvider.tooManyRequests("""
                {"error":{"message":"Slow down","type":"requests","param":null,"code":"rate_limit_exceeded"}}"""));
        assertThatThrownBy(() -> openAi(gateway.baseUrl(), ClientGateway.KEY).chat("Hello"))
                .isInstanceOf(RateLimitException.class)
                .hasMessageContaining("Slow down");
    }

    private ChatModel openAi(String baseUrl, String key) {
        return OpenAiChatModel.builder()
                .baseUrl(baseUrl + "/v1")
                .apiKey(key)
                .modelName(ClientGateway.CHAT_MODEL)
                .timeout(ClientGateway.PATIENCE)
                .maxRetries(0)
                .build();
    }

    private StreamingChatModel openAiStreaming(String key) {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(gateway.baseUrl() + "/v1")
                .apiKey(key)
                .modelName(ClientGateway.CHAT_MODEL)
                .timeout(ClientGateway.PATIENCE)
                .build();
    }

    private ChatModel anthropic(String key) {
        return AnthropicChatModel.builder()
                .baseUrl(gateway.baseUrl() + "/v1")
                .apiKey(key)
                .modelName(ClientGateway.ANTHROPIC_MODEL)
                .maxTokens(64)
                .timeout(ClientGateway.PATIENCE)
                .maxRetries(0)
                .build();
    }

    private static String streamed(StreamingChatModel model) throws Exception {
        CompletableFuture<String> text = new CompletableFuture<>();
        StringBuffer pieces = new StringBuffer();
        model.chat("Hello", new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String piece) {
                pieces.append(piece);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                text.complete(pieces.toString());
            }

            @Override
            public void onError(Throwable failure) {
                text.completeExceptionally(failure);
            }
        });
        return text.get(ClientGateway.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
