package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.core.ObjectMappers;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.Usage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plano.translate.AnswerGist.Call;
import io.plano.translate.AnswerGist.Tokens;
import io.plano.translate.neutral.ToolKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Messages in anthropic-java. */
final class AnthropicReader implements SdkReader {
    private final JsonMapper mapper = ObjectMappers.jsonMapper();

    @Override
    public AnswerGist whole(byte[] document) throws IOException {
        return gist(mapper.readValue(document, Message.class).validate());
    }

    @Override
    public AnswerGist stream(byte[] events) throws IOException {
        MessageAccumulator accumulator = MessageAccumulator.create();
        for (SseText event : SseText.parse(events)) {
            assertThat(event.json().get("type").textValue()).isEqualTo(event.type());
            if (!event.type().equals("ping")) {
                accumulator.accumulate(mapper.readValue(event.data(), RawMessageStreamEvent.class)
                        .validate());
            }
        }
        return gist(accumulator.message());
    }

    private AnswerGist gist(Message message) {
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<Call> calls = new ArrayList<>();
        for (ContentBlock block : message.content()) {
            block.text().ifPresent(part -> text.append(part.text()));
            block.thinking().ifPresent(part -> reasoning.append(part.thinking()));
            block.toolUse()
                    .ifPresent(call -> calls.add(Call.of(
                            call.id(),
                            call.name(),
                            ToolKind.FUNCTION,
                            mapper.<JsonNode>valueToTree(call._input()).toString())));
        }
        return new AnswerGist(
                text.toString(),
                "",
                reasoning.toString(),
                calls,
                finish(message.stopReason().orElseThrow().asString()),
                tokens(message.usage()));
    }

    private static String finish(String reason) {
        return switch (reason) {
            case "end_turn", "stop_sequence", "pause_turn" -> "stop";
            case "max_tokens", "model_context_window_exceeded" -> "length";
            case "tool_use" -> "tool_calls";
            case "refusal" -> "content_filter";
            default -> throw new AssertionError("no reason of Anthropic's: " + reason);
        };
    }

    private static Tokens tokens(Usage usage) {
        long read = usage.cacheReadInputTokens().orElse(0L);
        return new Tokens(
                usage.inputTokens() + read + usage.cacheCreationInputTokens().orElse(0L), read, usage.outputTokens());
    }
}
