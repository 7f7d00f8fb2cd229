package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.core.ObjectMappers;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseReasoningItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseUsage;
import io.plano.translate.AnswerGist.Call;
import io.plano.translate.AnswerGist.Tokens;
import io.plano.translate.neutral.ToolKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Responses in openai-java. */
final class OpenAiResponsesReader implements SdkReader {
    private final JsonMapper mapper = ObjectMappers.jsonMapper();

    @Override
    public AnswerGist whole(byte[] document) throws IOException {
        return gist(mapper.readValue(document, Response.class).validate());
    }

    @Override
    public AnswerGist stream(byte[] events) throws IOException {
        ResponseAccumulator accumulator = ResponseAccumulator.createWithSnapshots();
        long number = 0;
        for (SseText event : SseText.parse(events)) {
            assertThat(event.json().get("type").textValue()).isEqualTo(event.type());
            assertThat(event.json().get("sequence_number").longValue()).isEqualTo(number++);
            accumulator.accumulate(
                    mapper.readValue(event.data(), ResponseStreamEvent.class).validate());
        }
        AnswerGist gist = gist(accumulator.response());
        assertThat(gist(accumulator.reconstructedResponse()))
                .as("what the deltas say, against what the last event says")
                .isEqualTo(gist);
        return gist;
    }

    private static AnswerGist gist(Response response) {
        StringBuilder text = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<Call> calls = new ArrayList<>();
        for (ResponseOutputItem item : response.output()) {
            item.message().ifPresent(message -> read(message, text, refusal));
            item.reasoning().ifPresent(thought -> reasoning.append(text(thought)));
            item.functionCall()
                    .ifPresent(call ->
                            calls.add(Call.of(call.callId(), call.name(), ToolKind.FUNCTION, call.arguments())));
            item.customToolCall()
                    .ifPresent(call -> calls.add(Call.of(call.callId(), call.name(), ToolKind.CUSTOM, call.input())));
        }
        return new AnswerGist(
                text.toString(),
                refusal.toString(),
                reasoning.toString(),
                calls,
                finish(response, calls),
                response.usage().map(OpenAiResponsesReader::tokens).orElse(new Tokens(0, 0, 0)));
    }

    private static void read(ResponseOutputMessage message, StringBuilder text, StringBuilder refusal) {
        for (ResponseOutputMessage.Content content : message.content()) {
            content.outputText().ifPresent(part -> text.append(part.text()));
            content.refusal().ifPresent(part -> refusal.append(part.refusal()));
        }
    }

    private static String text(ResponseReasoningItem item) {
        StringBuilder text = new StringBuilder();
        item.content().ifPresent(parts -> parts.forEach(part -> text.append(part.text())));
        item.summary().forEach(part -> text.append(part.text()));
        return text.toString();
    }

    private static String finish(Response response, List<Call> calls) {
        if (response.status().orElseThrow().equals(ResponseStatus.INCOMPLETE)) {
            Response.IncompleteDetails details = response.incompleteDetails().orElseThrow();
            return details.reason().orElseThrow().equals(Response.IncompleteDetails.Reason.CONTENT_FILTER)
                    ? "content_filter"
                    : "length";
        }
        assertThat(response.status()).contains(ResponseStatus.COMPLETED);
        return calls.isEmpty() ? "stop" : "tool_calls";
    }

    private static Tokens tokens(ResponseUsage usage) {
        assertThat(usage.totalTokens()).isEqualTo(usage.inputTokens() + usage.outputTokens());
        return new Tokens(usage.inputTokens(), usage.inputTokensDetails().cachedTokens(), usage.outputTokens());
    }
}
