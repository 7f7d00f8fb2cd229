package io.plano.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import io.plano.testing.ContainerTest;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** LangChain4j's models of OpenAI on Anthropic, and of Anthropic on OpenAI. */
@ContainerTest
@LeakChecked(ignoringThreads = {"HttpClient-", "ForkJoinPool"})
@Timeout(60)
class LangChain4jTranslatedIT {
    private static final String X_API_KEY = "x-api-key: " + ClientGateway.KEY;
    private static final String BEARER = "authorization: Bearer " + ClientGateway.ANTHROPIC_KEY;

    private ClientGateway gateway;

    @BeforeEach
    void start(GatewayContainer.Kind kind) {
        gateway = new ClientGateway(kind, ToolProvider::answer);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void usesToolsAsOpenAiOnAnthropic() {
        ChatModel model = OpenAiChatModel.builder()
                .baseUrl(gateway.baseUrl() + "/v1")
                .apiKey(ClientGateway.KEY)
                .modelName(ClientGateway.ANTHROPIC_MODEL)
                .timeout(ClientGateway.PATIENCE)
                .maxRetries(0)
                .build();
        useTools(model::chat);
        gateway.assertUpstreamGotOnly(2, "/v1/messages", X_API_KEY);
    }

    @Test
    void streamsToolsAsOpenAiOnAnthropic() {
        StreamingChatModel model = OpenAiStreamingChatModel.builder()
                .baseUrl(gateway.baseUrl() + "/v1")
                .apiKey(ClientGateway.KEY)
                .modelName(ClientGateway.ANTHROPIC_MODEL)
                .timeout(ClientGateway.PATIENCE)
                .build();
        useTools(request -> streamed(model, request));
        gateway.assertUpstreamGotOnly(2, "/v1/messages", X_API_KEY);
    }

    @Test
    void usesToolsAsAnthropicOnOpenAi() {
        ChatModel model = AnthropicChatModel.builder()
                .baseUrl(gateway.baseUrl() + "/v1")
                .apiKey(ClientGateway.ANTHROPIC_KEY)
                .modelName(ClientGateway.CHAT_ONLY_MODEL)
                .maxTokens(64)
                .timeout(ClientGateway.PATIENCE)
                .maxRetries(0)
                .build();
        useTools(model::chat);
        gateway.assertUpstreamGotOnly(2, "/v1/chat/completions", BEARER);
    }

    @Test
    void streamsToolsAsAnthropicOnOpenAi() {
        StreamingChatModel model = AnthropicStreamingChatModel.builder()
                .baseUrl(gateway.baseUrl() + "/v1")
                .apiKey(ClientGateway.ANTHROPIC_KEY)
                .modelName(ClientGateway.CHAT_ONLY_MODEL)
                .maxTokens(64)
                .timeout(ClientGateway.PATIENCE)
                .build();
        useTools(request -> streamed(model, request));
        gateway.assertUpstreamGotOnly(2, "/v1/chat/completions", BEARER);
    }

    private static void useTools(Function<ChatRequest, ChatResponse> ask) {
        List<ChatMessage> messages = new ArrayList<>();
        messages.add(SystemMessage.from("Be brief."));
        messages.add(UserMessage.from(
                TextContent.from("Hello"),
                ImageContent.from(Image.builder()
                        .base64Data("iVBORw0KGgo=")
                        .mimeType("image/png")
                        .build())));
        ChatResponse asked = ask.apply(request(messages));
        assertThat(asked.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
        AiMessage calling = asked.aiMessage();
        List<ToolExecutionRequest> calls = calling.toolExecutionRequests();
        assertThat(calls).extracting(ToolExecutionRequest::name).containsExactly("weather", "clock");
        assertThat(ProviderFormat.read(calls.get(0).arguments()).path("town").asText())
                .isEqualTo(ToolProvider.TOWN);
        assertThat(ProviderFormat.read(calls.get(1).arguments())).isEmpty();
        assertThat(asked.tokenUsage().outputTokenCount()).isEqualTo(56);

        messages.add(calling);
        messages.add(ToolExecutionResultMessage.from(calls.get(1), "half past"));
        messages.add(ToolExecutionResultMessage.from(calls.get(0), "21.5 °C"));
        ChatResponse said = ask.apply(request(messages));
        assertThat(said.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(said.aiMessage().text())
                .isEqualTo(ToolProvider.said(
                        List.of("21.5 °C", "half past"), List.of("data:image/png;base64,iVBORw0KGgo=")));
    }

    private static ChatRequest request(List<ChatMessage> messages) {
        return ChatRequest.builder()
                .messages(messages)
                .toolSpecifications(
                        ToolSpecification.builder()
                                .name("weather")
                                .parameters(JsonObjectSchema.builder()
                                        .addStringProperty("town")
                                        .required("town")
                                        .build())
                                .build(),
                        ToolSpecification.builder().name("clock").build())
                .build();
    }

    private static ChatResponse streamed(StreamingChatModel model, ChatRequest request) {
        CompletableFuture<ChatResponse> complete = new CompletableFuture<>();
        StringBuffer pieces = new StringBuffer();
        model.chat(request, new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String piece) {
                pieces.append(piece);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                complete.complete(response);
            }

            @Override
            public void onError(Throwable failure) {
                complete.completeExceptionally(failure);
            }
        });
        ChatResponse response = complete.orTimeout(ClientGateway.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        String text = response.aiMessage().text();
        assertThat(pieces.toString()).isEqualTo(text == null ? "" : text);
        return response;
    }
}
