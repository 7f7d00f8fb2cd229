package io.plano.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import io.plano.testing.ContainerTest;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Anthropic's own Java library, on providers that speak only one of OpenAI's APIs. */
@ContainerTest
@LeakChecked(ignoringThreads = {"OkHttp", "Okio"})
@Timeout(60)
class AnthropicJavaTranslatedIT {
    private static final String CHAT = ClientGateway.CHAT_ONLY_MODEL + ", /v1/chat/completions";
    private static final String RESPONSES = ClientGateway.RESPONSES_ONLY_MODEL + ", /v1/responses";
    private static final String BEARER = "authorization: Bearer " + ClientGateway.ANTHROPIC_KEY;

    private ClientGateway gateway;
    private AnthropicClient client;

    @BeforeEach
    void start(GatewayContainer.Kind kind) {
        gateway = new ClientGateway(kind, ToolProvider::answer);
        client = AnthropicOkHttpClient.builder()
                .baseUrl(gateway.baseUrl())
                .apiKey(ClientGateway.ANTHROPIC_KEY)
                .maxRetries(0)
                .timeout(ClientGateway.PATIENCE)
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({CHAT, RESPONSES})
    void usesTools(String model, String target) {
        useTools(model, params -> client.messages().create(params));
        gateway.assertUpstreamGotOnly(2, target, BEARER);
    }

    @ParameterizedTest
    @CsvSource({CHAT, RESPONSES})
    void usesToolsInStreams(String model, String target) {
        useTools(model, this::streamed);
        gateway.assertUpstreamGotOnly(2, target, BEARER);
    }

    private static void useTools(String model, Function<MessageCreateParams, Message> ask) {
        MessageCreateParams question = question(model)
                .addUserMessage("Hello")
                .addTool(tool("weather", Map.of("town", Map.of("type", "string"))))
                .addTool(tool("clock", Map.of()))
                .build();
        Message asked = ask.apply(question);
        assertThat(asked.stopReason()).contains(StopReason.TOOL_USE);
        assertThat(asked.usage().inputTokens()).isEqualTo(4321 - 1234);
        assertThat(asked.usage().cacheReadInputTokens()).contains(1234L);
        assertThat(asked.usage().outputTokens()).isEqualTo(56);
        List<ToolUseBlock> calls = asked.content().stream()
                .flatMap(block -> block.toolUse().stream())
                .toList();
        assertThat(calls).extracting(ToolUseBlock::name).containsExactly("weather", "clock");
        assertThat(calls.get(0)._input()).isEqualTo(JsonValue.from(Map.of("town", ToolProvider.TOWN)));
        assertThat(calls.get(1)._input()).isEqualTo(JsonValue.from(Map.of()));

        // Their order is not that of the calls.
        Message said = ask.apply(question.toBuilder()
                .addMessage(asked)
                .addUserMessageOfContentBlockParams(
                        List.of(result(calls.get(1), "half past"), result(calls.get(0), "21.5 °C")))
                .build());
        assertThat(said.stopReason()).contains(StopReason.END_TURN);
        assertThat(text(said)).isEqualTo(ToolProvider.said(List.of("21.5 °C", "half past"), List.of()));
    }

    @ParameterizedTest
    @CsvSource({CHAT, RESPONSES})
    void showsImages(String model, String target) {
        Message said = client.messages()
                .create(question(model)
                        .addUserMessageOfContentBlockParams(List.of(
                                ContentBlockParam.ofImage(Base64ImageSource.builder()
                                        .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                                        .data("iVBORw0KGgo=")
                                        .build()),
                                ContentBlockParam.ofText("What is this?")))
                        .build());
        assertThat(text(said)).isEqualTo(ToolProvider.said(List.of(), List.of("data:image/png;base64,iVBORw0KGgo=")));
        gateway.assertUpstreamGotOnly(1, target, BEARER);
    }

    @ParameterizedTest
    @CsvSource({CHAT, RESPONSES})
    void getsAnObject(String model, String target) {
        Town town = client
                .messages()
                .create(question(model)
                        .addUserMessage("Hello")
                        .outputConfig(Town.class)
                        .build())
                .content()
                .stream()
                .flatMap(block -> block.text().stream())
                .map(text -> text.text())
                .findFirst()
                .orElseThrow();
        assertThat(town).isEqualTo(Town.EXPECTED);
        gateway.assertUpstreamGotOnly(1, target, BEARER);
    }

    private Message streamed(MessageCreateParams question) {
        MessageAccumulator message = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> events = client.messages().createStreaming(question)) {
            events.stream().forEach(message::accumulate);
        }
        return message.message();
    }

    private static MessageCreateParams.Builder question(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(64).system("Be brief.");
    }

    private static Tool tool(String name, Map<String, ?> properties) {
        Tool.InputSchema.Properties.Builder all = Tool.InputSchema.Properties.builder();
        properties.forEach((property, schema) -> all.putAdditionalProperty(property, JsonValue.from(schema)));
        return Tool.builder()
                .name(name)
                .inputSchema(Tool.InputSchema.builder().properties(all.build()).build())
                .build();
    }

    private static ContentBlockParam result(ToolUseBlock call, String text) {
        return ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                .toolUseId(call.id())
                .content(text)
                .build());
    }

    private static String text(Message message) {
        assertThat(message.content()).hasSize(1);
        return message.content().stream()
                .map(ContentBlock::asText)
                .toList()
                .get(0)
                .text();
    }
}
