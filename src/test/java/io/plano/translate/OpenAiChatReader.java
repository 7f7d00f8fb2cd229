package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.core.JsonValue;
import com.openai.core.ObjectMappers;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageCustomToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.completions.CompletionUsage;
import io.plano.translate.AnswerGist.Call;
import io.plano.translate.AnswerGist.Tokens;
import io.plano.translate.neutral.ToolKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Chat Completions in openai-java. */
@SuppressWarnings({"deprecation", "unchecked"}) // the library hides members that it does not know
final class OpenAiChatReader implements SdkReader {
    private final JsonMapper mapper = ObjectMappers.jsonMapper();

    @Override
    public AnswerGist whole(byte[] document) throws IOException {
        ChatCompletion completion =
                mapper.readValue(document, ChatCompletion.class).validate();
        ChatCompletionMessage message = completion.choices().get(0).message();
        return gist(completion, text(message._additionalProperties()));
    }

    @Override
    public AnswerGist stream(byte[] events) throws IOException {
        ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
        StringBuilder reasoning = new StringBuilder();
        List<SseText> all = SseText.parse(events);
        assertThat(all.get(all.size() - 1).data()).isEqualTo("[DONE]");
        for (SseText event : all.subList(0, all.size() - 1)) {
            assertThat(event.type()).isEmpty();
            ChatCompletionChunk chunk =
                    mapper.readValue(event.data(), ChatCompletionChunk.class).validate();
            accumulator.accumulate(chunk);
            chunk.choices()
                    .forEach(choice -> reasoning.append(text(choice.delta()._additionalProperties())));
        }
        return gist(accumulator.chatCompletion(), reasoning.toString());
    }

    /** The de-facto member, which is none of OpenAI's own. */
    private static String text(Map<String, JsonValue> more) {
        JsonValue reasoning = more.get("reasoning_content");
        return reasoning == null ? "" : String.valueOf(reasoning.asString().orElse(""));
    }

    private static AnswerGist gist(ChatCompletion completion, String reasoning) {
        assertThat(completion.choices()).hasSize(1);
        ChatCompletion.Choice choice = completion.choices().get(0);
        List<Call> calls = new ArrayList<>();
        choice.message().toolCalls().ifPresent(list -> list.forEach(call -> calls.add(call(call))));
        return new AnswerGist(
                choice.message().content().orElse(""),
                choice.message().refusal().orElse(""),
                reasoning,
                calls,
                choice.finishReason().asString(),
                completion.usage().map(OpenAiChatReader::tokens).orElse(new Tokens(0, 0, 0)));
    }

    private static Call call(ChatCompletionMessageToolCall call) {
        if (call.isCustom()) {
            ChatCompletionMessageCustomToolCall custom = call.asCustom();
            return Call.of(
                    custom.id(),
                    custom.custom().name(),
                    ToolKind.CUSTOM,
                    custom.custom().input());
        }
        ChatCompletionMessageFunctionToolCall function = call.asFunction();
        return Call.of(
                function.id(),
                function.function().name(),
                ToolKind.FUNCTION,
                function.function().arguments());
    }

    private static Tokens tokens(CompletionUsage usage) {
        assertThat(usage.totalTokens()).isEqualTo(usage.promptTokens() + usage.completionTokens());
        return new Tokens(
                usage.promptTokens(),
                usage.promptTokensDetails()
                        .flatMap(CompletionUsage.PromptTokensDetails::cachedTokens)
                        .orElse(0L),
                usage.completionTokens());
    }
}
