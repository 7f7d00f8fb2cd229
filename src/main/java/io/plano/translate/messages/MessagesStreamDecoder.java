package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.translate.EndMark;
import io.plano.translate.Json;
import io.plano.translate.StreamDecoder;
import io.plano.translate.UpstreamErrors;
import io.plano.translate.neutral.ChatStream;

/**
 * Reads a stream of the Messages API:
 *
 * <pre>
 * message_start (content_block_start content_block_delta* content_block_stop)* message_delta+ message_stop
 * </pre>
 *
 * with {@code ping} anywhere and {@code error} at any point. Events are told by the {@code type} in their data, which proxies
 * change less than the name before it; unknown ones are skipped. The counts of {@code message_start} and {@code
 * message_delta} are cumulative, and the later ones may lack some. Deltas of the usual shape are read without a tree.
 */
final class MessagesStreamDecoder implements StreamDecoder {
    private final ChatStream answer;
    private final MessagesAnswerReader message;
    private final MessagesDelta scan = new MessagesDelta();

    MessagesStreamDecoder(ChatStream answer) {
        this.answer = answer;
        this.message = new MessagesAnswerReader(answer);
    }

    @Override
    public void event(String type, byte[] bytes, int offset, int length) {
        if (message.hasEnded()) {
            return;
        }
        if (scan.read(bytes, offset, length)) {
            delta(scan.kind(), scan.index(), scan.text());
            return;
        }
        JsonNode data = Json.read(bytes, offset, length);
        if (data != null && data.isObject()) {
            event(data.path("type").asText(type), data);
        } else if (!EndMark.isBlank(bytes, offset, length) && !EndMark.is(bytes, offset, length)) {
            message.failMalformed();
        }
    }

    private void event(String type, JsonNode data) {
        switch (type) {
            case "message_start" -> message.start(data.path("message"));
            case "content_block_start" ->
                message.blockStarted(data.path("index").asInt(0), data.path("content_block"));
            case "content_block_delta" -> delta(data.path("index").asInt(0), data.path("delta"));
            case "content_block_stop" -> message.blockEnded(data.path("index").asInt(0));
            case "message_delta" -> message.delta(data.path("delta"), data.path("usage"));
            case "message_stop" -> message.end();
            case "ping" -> answer.ping();
            default -> {
                if (UpstreamErrors.isError(data)) {
                    message.fail(data);
                } else if (!data.has("type") && UpstreamErrors.isBareError(data)) {
                    message.fail(UpstreamErrors.ofBare(data));
                }
            }
        }
    }

    private void delta(MessagesDelta.Kind kind, int index, String text) {
        switch (kind) {
            case TEXT -> message.text(index, text);
            case THINKING -> message.thinking(index, text);
            case INPUT -> message.input(index, text);
        }
    }

    private void delta(int index, JsonNode delta) {
        switch (delta.path("type").asText("")) {
            case "text_delta" -> message.text(index, delta.path("text").asText(""));
            case "thinking_delta" ->
                message.thinking(index, delta.path("thinking").asText(""));
            case "input_json_delta" ->
                message.input(index, delta.path("partial_json").asText(""));
            case "signature_delta" ->
                message.signature(index, delta.path("signature").asText(""));
            case "citations_delta" -> message.cited(delta.path("citation"));
            default -> {}
        }
    }

    @Override
    public void end() {
        if (message.hasEnded()) {
            return;
        }
        if (message.isFinished()) {
            message.end();
        } else {
            message.fail(UpstreamErrors.truncated());
        }
    }
}
