package io.plano.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputContent;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseInputText;
import com.openai.models.responses.ResponseStreamEvent;
import io.plano.testing.ContainerTest;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenAI's own Java library, on providers that do not speak the API that it is used with. */
@ContainerTest
@LeakChecked(ignoringThreads = {"OkHttp", "Okio"})
@Timeout(60)
class OpenAiJavaTranslatedIT {
    private static final String BEARER = "authorization: Bearer " + ClientGateway.KEY;
    private static final String X_API_KEY = "x-api-key: " + ClientGateway.KEY;
    private static final String MESSAGES = ClientGateway.ANTHROPIC_MODEL + ", /v1/messages, " + X_API_KEY;
    private static final String RESPONSES = ClientGateway.RESPONSES_ONLY_MODEL + ", /v1/responses, " + BEARER;
    private static final String CHAT = ClientGateway.CHAT_ONLY_MODEL + ", /v1/chat/completions, " + BEARER;
    private static final String PNG = "data:image/png;base64,iVBORw0KGgo=";
    private static final Map<String, Object> ONE_TOWN = Map.of(
            "type", "object", "properties", Map.of("town", Map.of("type", "string")), "required", List.of("town"));
    private static final Map<String, Object> NOTHING = Map.of("type", "object", "properties", Map.of());

    private ClientGateway gateway;
    private OpenAIClient client;

    @BeforeEach
    void start(GatewayContainer.Kind kind) {
        gateway = new ClientGateway(kind, ToolProvider::answer);
        client = OpenAIOkHttpClient.builder()
                .baseUrl(gateway.baseUrl() + "/v1")
                .apiKey(ClientGateway.KEY)
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
    @CsvSource({MESSAGES, RESPONSES})
    void usesToolsInAChat(String model, String target, String credential) {
        useTools(model, params -> client.chat().completions().create(params));
        gateway.assertUpstreamGotOnly(2, target, credential);
    }

    @ParameterizedTest
    @CsvSource({MESSAGES, RESPONSES})
    void usesToolsInStreamsOfAChat(String model, String target, String credential) {
        useTools(model, this::streamed);
        gateway.assertUpstreamGotOnly(2, target, credential);
    }

    private static void useTools(String model, Function<ChatCompletionCreateParams, ChatCompletion> ask) {
        ChatCompletionCreateParams question = ChatCompletionCreateParams.builder()
                .model(model)
                .addSystemMessage("Be brief.")
                .addUserMessage("Hello")
                .addTool(tool("weather", ONE_TOWN))
                .addTool(tool("clock", NOTHING))
                .build();
        ChatCompletion asked = ask.apply(question);
        ChatCompletion.Choice choice = asked.choices().get(0);
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        assertThat(asked.usage().orElseThrow().promptTokens()).isEqualTo(4321);
        assertThat(asked.usage()
                        .orElseThrow()
                        .promptTokensDetails()
                        .orElseThrow()
                        .cachedTokens())
                .contains(1234L);
        assertThat(asked.usage().orElseThrow().completionTokens()).isEqualTo(56);
        List<ChatCompletionMessageFunctionToolCall> calls = choice.message().toolCalls().orElseThrow().stream()
                .map(call -> call.asFunction())
                .toList();
        assertThat(calls).extracting(call -> call.function().name()).containsExactly("weather", "clock");
        assertThat(ProviderFormat.read(calls.get(0).function().arguments())
                        .path("town")
                        .asText())
                .isEqualTo(ToolProvider.TOWN);
        assertThat(calls.get(1).function().arguments()).isEqualTo("{}");

        ChatCompletion said = ask.apply(question.toBuilder()
                .addMessage(choice.message())
                .addMessage(result(calls.get(1), "half past"))
                .addMessage(result(calls.get(0), "21.5 °C"))
                .build());
        assertThat(said.choices().get(0).finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(said.choices().get(0).message().content())
                .contains(ToolProvider.said(List.of("21.5 °C", "half past"), List.of()));
    }

    @ParameterizedTest
    @CsvSource({MESSAGES, RESPONSES})
    void showsImagesInAChat(String model, String target, String credential) {
        ChatCompletion said = client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model(model)
                        .addUserMessageOfArrayOfContentParts(List.of(
                                ChatCompletionContentPart.ofText(ChatCompletionContentPartText.builder()
                                        .text("What is this?")
                                        .build()),
                                ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                                        .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                                                .url(PNG)
                                                .build())
                                        .build())))
                        .build());
        assertThat(said.choices().get(0).message().content()).contains(ToolProvider.said(List.of(), List.of(PNG)));
        gateway.assertUpstreamGotOnly(1, target, credential);
    }

    @ParameterizedTest
    @CsvSource({MESSAGES, RESPONSES})
    void getsAnObjectInAChat(String model, String target, String credential) {
        assertThat(client.chat()
                        .completions()
                        .create(ChatCompletionCreateParams.builder()
                                .model(model)
                                .addUserMessage("Hello")
                                .responseFormat(Town.class)
                                .build())
                        .choices()
                        .get(0)
                        .message()
                        .content())
                .contains(Town.EXPECTED);
        gateway.assertUpstreamGotOnly(1, target, credential);
    }

    @ParameterizedTest
    @CsvSource({MESSAGES, CHAT})
    void usesToolsInResponses(String model, String target, String credential) {
        useToolsInResponses(model, params -> client.responses().create(params));
        gateway.assertUpstreamGotOnly(2, target, credential);
    }

    @ParameterizedTest
    @CsvSource({MESSAGES, CHAT})
    void usesToolsInStreamsOfResponses(String model, String target, String credential) {
        useToolsInResponses(model, this::streamed);
        gateway.assertUpstreamGotOnly(2, target, credential);
    }

    private static void useToolsInResponses(String model, Function<ResponseCreateParams, Response> ask) {
        List<ResponseInputItem> input = new ArrayList<>();
        input.add(ResponseInputItem.ofEasyInputMessage(EasyInputMessage.builder()
                .role(EasyInputMessage.Role.USER)
                .content("Hello")
                .build()));
        ResponseCreateParams question = ResponseCreateParams.builder()
                .model(model)
                .instructions("Be brief.")
                .inputOfResponse(input)
                .addTool(function("weather", ONE_TOWN))
                .addTool(function("clock", NOTHING))
                .build();
        Response asked = ask.apply(question);
        assertThat(asked.usage().orElseThrow().inputTokens()).isEqualTo(4321);
        assertThat(asked.usage().orElseThrow().inputTokensDetails().cachedTokens())
                .isEqualTo(1234);
        assertThat(asked.usage().orElseThrow().outputTokens()).isEqualTo(56);
        List<ResponseFunctionToolCall> calls = asked.output().stream()
                .flatMap(item -> item.functionCall().stream())
                .toList();
        assertThat(calls).extracting(ResponseFunctionToolCall::name).containsExactly("weather", "clock");
        assertThat(ProviderFormat.read(calls.get(0).arguments()).path("town").asText())
                .isEqualTo(ToolProvider.TOWN);
        assertThat(calls.get(1).arguments()).isEqualTo("{}");

        calls.forEach(call -> input.add(ResponseInputItem.ofFunctionCall(call)));
        input.add(output(calls.get(1), "half past"));
        input.add(output(calls.get(0), "21.5 °C"));
        Response said = ask.apply(question.toBuilder().inputOfResponse(input).build());
        assertThat(text(said)).isEqualTo(ToolProvider.said(List.of("21.5 °C", "half past"), List.of()));
    }

    @ParameterizedTest
    @CsvSource({MESSAGES, CHAT})
    void showsImagesInResponses(String model, String target, String credential) {
        EasyInputMessage question = EasyInputMessage.builder()
                .role(EasyInputMessage.Role.USER)
                .contentOfResponseInputMessageContentList(List.of(
                        ResponseInputContent.ofInputText(ResponseInputText.builder()
                                .text("What is this?")
                                .build()),
                        ResponseInputContent.ofInputImage(ResponseInputImage.builder()
                                .imageUrl(PNG)
                                .detail(ResponseInputImage.Detail.AUTO)
                                .build())))
                .build();
        Response said = client.responses()
                .create(ResponseCreateParams.builder()
                        .model(model)
                        .inputOfResponse(List.of(ResponseInputItem.ofEasyInputMessage(question)))
                        .build());
        assertThat(text(said)).isEqualTo(ToolProvider.said(List.of(), List.of(PNG)));
        gateway.assertUpstreamGotOnly(1, target, credential);
    }

    @ParameterizedTest
    @CsvSource({MESSAGES, CHAT})
    void getsAnObjectInResponses(String model, String target, String credential) {
        assertThat(client
                        .responses()
                        .create(ResponseCreateParams.builder()
                                .model(model)
                                .input("Hello")
                                .text(Town.class)
                                .build())
                        .output()
                        .stream()
                        .flatMap(item -> item.message().stream())
                        .flatMap(message -> message.content().stream())
                        .map(content -> content.asOutputText()))
                .containsExactly(Town.EXPECTED);
        gateway.assertUpstreamGotOnly(1, target, credential);
    }

    private ChatCompletion streamed(ChatCompletionCreateParams question) {
        ChatCompletionAccumulator completion = ChatCompletionAccumulator.create();
        ChatCompletionCreateParams withUsage = question.toBuilder()
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(withUsage)) {
            chunks.stream().forEach(completion::accumulate);
        }
        return completion.chatCompletion();
    }

    private Response streamed(ResponseCreateParams question) {
        ResponseAccumulator response = ResponseAccumulator.createWithSnapshots();
        try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(question)) {
            events.stream().forEach(response::accumulate);
        }
        // What the events said is what their last one says.
        assertThat(response.reconstructedResponse().output())
                .isEqualTo(response.response().output());
        return response.response();
    }

    private static ChatCompletionFunctionTool tool(String name, Map<String, Object> schema) {
        FunctionParameters.Builder parameters = FunctionParameters.builder();
        schema.forEach((key, value) -> parameters.putAdditionalProperty(key, JsonValue.from(value)));
        return ChatCompletionFunctionTool.builder()
                .function(FunctionDefinition.builder()
                        .name(name)
                        .parameters(parameters.build())
                        .build())
                .build();
    }

    private static FunctionTool function(String name, Map<String, Object> schema) {
        FunctionTool.Parameters.Builder parameters = FunctionTool.Parameters.builder();
        schema.forEach((key, value) -> parameters.putAdditionalProperty(key, JsonValue.from(value)));
        return FunctionTool.builder()
                .name(name)
                .parameters(parameters.build())
                .strict(false)
                .build();
    }

    private static ChatCompletionToolMessageParam result(ChatCompletionMessageFunctionToolCall call, String text) {
        return ChatCompletionToolMessageParam.builder()
                .toolCallId(call.id())
                .content(text)
                .build();
    }

    private static ResponseInputItem output(ResponseFunctionToolCall call, String text) {
        return ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                .callId(call.callId())
                .output(text)
                .build());
    }

    private static String text(Response response) {
        return response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .map(content -> content.asOutputText().text())
                .collect(Collectors.joining());
    }
}
