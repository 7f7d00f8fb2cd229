package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.translate.EndMark;
import io.plano.translate.Json;
import io.plano.translate.StreamDecoder;
import io.plano.translate.UpstreamErrors;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.UpstreamError;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of a Responses stream (wire-spec §4.1). What an event is, its data says; its name is the same if it has
 * one. The last word is {@code response.completed}, {@code .incomplete}, {@code .failed} or an {@code error}; OpenRouter adds
 * Chat Completions' {@code [DONE]}, which means nothing here.
 */
final class ResponsesStreamDecoder implements StreamDecoder {
    private final ChatStream answer;
    private final ResponsesAnswerReader reader;
    private final ResponsesDelta deltas = new ResponsesDelta();
    private boolean over;

    ResponsesStreamDecoder(ChatStream answer) {
        this.answer = answer;
        reader = new ResponsesAnswerReader(answer);
    }

    @Override
    public void event(String type, byte[] bytes, int offset, int length) {
        if (over) {
            return;
        }
        ResponsesDelta.Kind kind = deltas.read(bytes, offset, length);
        if (kind != null) {
            delta(kind);
        } else if (!EndMark.is(bytes, offset, length)) {
            document(type, Json.read(bytes, offset, length));
        }
    }

    private void delta(ResponsesDelta.Kind kind) {
        int index = deltas.outputIndex();
        int part = deltas.partIndex();
        switch (kind) {
            case TEXT -> reader.textDelta(index, part, deltas.delta());
            case ARGUMENTS, INPUT -> reader.argumentsDelta(index, deltas.delta());
            case SUMMARY -> reader.reasoningDelta(index, ResponsesAnswerReader.Thinking.SUMMARY, part, deltas.delta());
            case REASONING ->
                reader.reasoningDelta(index, ResponsesAnswerReader.Thinking.CONTENT, part, deltas.delta());
            case REFUSAL -> reader.refusalDelta(index, part, deltas.delta());
        }
    }

    private void document(String name, @Nullable JsonNode event) {
        if (event == null || !event.isObject()) {
            fail(ResponsesErrors.malformed());
            return;
        }
        String type = event.path("type").asText(name);
        if (type.equals("error") || (type.isEmpty() && event.hasNonNull("error"))) {
            fail(ResponsesErrors.ofEvent(event));
        } else if (!event.has("type") && UpstreamErrors.isBareError(event)) {
            fail(UpstreamErrors.ofBare(event));
        } else if (!type.startsWith("response.")) {
            answer(type);
        } else {
            response(type.substring("response.".length()), event);
        }
    }

    private void answer(String type) {
        if (type.equals("keepalive") || type.equals("ping")) {
            answer.ping();
        }
    }

    private void response(String type, JsonNode event) {
        JsonNode response = event.path("response");
        switch (type) {
            case "created", "queued", "in_progress" -> reader.start(response);
            case "completed", "incomplete" -> {
                over = true;
                reader.finish(response);
            }
            case "failed", "cancelled" -> fail(ResponsesErrors.ofFailed(response));
            case "done" -> done(response);
            default -> item(type, event);
        }
    }

    /** The last word of some servers, whatever became of the response. */
    private void done(JsonNode response) {
        String status = response.path("status").asText("completed");
        if (status.equals("failed") || status.equals("cancelled")) {
            fail(ResponsesErrors.ofFailed(response));
        } else {
            over = true;
            reader.finish(response);
        }
    }

    private void item(String type, JsonNode event) {
        int index = event.path("output_index").asInt(0);
        int part = event.path("content_index").asInt(0);
        switch (type) {
            case "output_item.added" -> reader.itemAdded(index, event.path("item"));
            case "output_item.done" -> reader.itemDone(index, event.path("item"));
            case "content_part.done" -> partDone(index, part, event.path("part"));
            case "output_text.done" ->
                reader.textDone(index, part, event.path("text").asText(""));
            case "refusal.done" ->
                reader.refusalDone(index, part, event.path("refusal").asText(""));
            case "reasoning_summary_text.done" ->
                reader.reasoningDone(
                        index,
                        ResponsesAnswerReader.Thinking.SUMMARY,
                        event.path("summary_index").asInt(0),
                        event.path("text").asText(""));
            case "reasoning_text.done" ->
                reader.reasoningDone(
                        index,
                        ResponsesAnswerReader.Thinking.CONTENT,
                        part,
                        event.path("text").asText(""));
            case "output_text.annotation.added" -> reader.annotation(index, part, event.path("annotation"));
            case "function_call_arguments.done" ->
                reader.argumentsDone(index, event.path("arguments").asText(""));
            case "custom_tool_call_input.done" ->
                reader.argumentsDone(index, event.path("input").asText(""));
            default -> unusualDelta(type, event, index, part);
        }
    }

    /** Parts of reasoning end with their item. */
    private void partDone(int index, int content, JsonNode part) {
        String type = part.path("type").asText("");
        if (type.equals("output_text") || type.equals("refusal")) {
            reader.partDone(index, content, part);
        }
    }

    /** The deltas that {@link ResponsesDelta} leaves alone. */
    private void unusualDelta(String type, JsonNode event, int index, int part) {
        String delta = event.path("delta").asText("");
        switch (type) {
            case "output_text.delta" -> {
                reader.textDelta(index, part, delta);
                reader.logprobs(index, part, event.path("logprobs"));
            }
            case "refusal.delta" -> reader.refusalDelta(index, part, delta);
            case "function_call_arguments.delta", "custom_tool_call_input.delta" -> reader.argumentsDelta(index, delta);
            case "reasoning_summary_text.delta" ->
                reader.reasoningDelta(
                        index,
                        ResponsesAnswerReader.Thinking.SUMMARY,
                        event.path("summary_index").asInt(0),
                        delta);
            case "reasoning_text.delta" ->
                reader.reasoningDelta(index, ResponsesAnswerReader.Thinking.CONTENT, part, delta);
            default -> {
                // What a done event says comes again with its part or item; progress of hosted tools is nobody's.
            }
        }
    }

    private void fail(UpstreamError error) {
        over = true;
        answer.failed(error);
    }

    @Override
    public void end() {
        if (!over) {
            fail(UpstreamErrors.truncated());
        }
    }
}
