package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Json;
import io.plano.translate.UpstreamErrors;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A provider's answer as it comes, block by block. A whole answer is a stream whose blocks come complete; the stream decoder
 * says which event is which. Counts tool calls by themselves, since blocks of other kinds stand between them. Blocks that
 * only this format knows, calls and results of the provider's own tools above all, are passed on as they are once complete.
 * One per answer, one thread at a time; nothing that a provider sends makes it throw.
 */
final class MessagesAnswerReader {
    private enum Kind {
        TEXT,
        THINKING,
        TOOL,
        REDACTED,
        NATIVE
    }

    private static final class Block {
        final Kind kind;
        final ObjectNode start;
        final StringBuilder input = new StringBuilder();
        final StringBuilder signature = new StringBuilder();
        int call;
        boolean hasArguments;

        Block(Kind kind, ObjectNode start) {
            this.kind = kind;
            this.start = start;
        }
    }

    private final ChatStream answer;
    private final TreeMap<Integer, Block> blocks = new TreeMap<>();
    private final MessagesUsage usage = new MessagesUsage();
    private @Nullable Finish finish;
    private @Nullable Block latest;
    private int latestIndex;
    private int calls;
    private boolean started;
    private boolean ended;

    MessagesAnswerReader(ChatStream answer) {
        this.answer = answer;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Whether the provider gave its reason to stop: what may follow adds nothing. */
    boolean isFinished() {
        return finish != null;
    }

    /** The message without its content. */
    void start(JsonNode message) {
        if (started) {
            return;
        }
        started = true;
        JsonNode counts = message.path("usage");
        usage.merge(counts);
        answer.started(new AnswerStart(
                message.path("id").asText(""),
                message.path("model").asText(""),
                0,
                MessagesServiceTier.read(counts.path("service_tier").textValue())));
    }

    private void startIfMissing() {
        if (!started) {
            start(Json.nodes().objectNode());
        }
    }

    void blockStarted(int index, JsonNode start) {
        startIfMissing();
        blockEnded(index);
        String type = start.path("type").asText("");
        ObjectNode object =
                start instanceof ObjectNode given ? given : Json.nodes().objectNode();
        Block block = new Block(kind(type), object);
        blocks.put(index, block);
        latest = block;
        latestIndex = index;
        switch (block.kind) {
            case TEXT -> {
                text(index, start.path("text").asText(""));
                start.path("citations").forEach(this::cited);
            }
            case THINKING -> {
                thinking(index, start.path("thinking").asText(""));
                block.signature.append(start.path("signature").asText(""));
            }
            case TOOL -> {
                block.call = calls++;
                answer.toolCallStarted(
                        block.call,
                        start.path("id").asText(""),
                        start.path("name").asText(""),
                        ToolKind.FUNCTION);
            }
            case REDACTED ->
                answer.reasoningRedacted(
                        new Signature(WireFormat.MESSAGES, start.path("data").asText("")));
            case NATIVE -> {}
        }
    }

    private static Kind kind(String type) {
        return switch (type) {
            case "text" -> Kind.TEXT;
            case "thinking" -> Kind.THINKING;
            case "tool_use" -> Kind.TOOL;
            case "redacted_thinking" -> Kind.REDACTED;
            default -> Kind.NATIVE;
        };
    }

    private @Nullable Block block(int index) {
        return latest != null && latestIndex == index ? latest : blocks.get(index);
    }

    /** More of a text; ignored if no text is open under that number, as are the other pieces. */
    void text(int index, String text) {
        Block block = block(index);
        if (!text.isEmpty() && block != null && block.kind == Kind.TEXT) {
            answer.textDelta(text);
        }
    }

    void thinking(int index, String text) {
        Block block = block(index);
        if (!text.isEmpty() && block != null && block.kind == Kind.THINKING) {
            answer.reasoningDelta(text);
        }
    }

    void input(int index, String json) {
        Block block = block(index);
        if (json.isEmpty() || block == null) {
            return;
        } else if (block.kind == Kind.TOOL) {
            block.hasArguments = true;
            answer.toolArgumentsDelta(block.call, json);
        } else if (block.kind == Kind.NATIVE) {
            block.input.append(json);
        }
    }

    void signature(int index, String signature) {
        Block block = block(index);
        if (block != null && block.kind == Kind.THINKING) {
            block.signature.append(signature);
        }
    }

    void cited(JsonNode citation) {
        if (citation.isObject()) {
            answer.cited(new Citation(
                    WireFormat.MESSAGES,
                    citation,
                    citation.path("url").textValue(),
                    citation.path("title").textValue(),
                    -1,
                    -1));
        }
    }

    void blockEnded(int index) {
        Block block = blocks.remove(index);
        if (block == null) {
            return;
        }
        if (block == latest) {
            latest = null;
        }
        switch (block.kind) {
            case TEXT -> answer.blockEnded();
            case THINKING -> {
                if (block.signature.isEmpty()) {
                    answer.blockEnded();
                } else {
                    answer.reasoningSigned(new Signature(WireFormat.MESSAGES, block.signature.toString()));
                }
            }
            case TOOL -> endCall(block);
            case NATIVE -> answer.nativeBlock(WireFormat.MESSAGES, complete(block));
            case REDACTED -> {}
        }
    }

    /** A call that came without pieces has the input that it started with: nothing, as a rule. */
    private void endCall(Block block) {
        if (!block.hasArguments) {
            JsonNode input = block.start.path("input");
            answer.toolArgumentsDelta(block.call, input.isObject() ? Json.compact(input) : "{}");
        }
        answer.toolCallEnded(block.call);
    }

    private static JsonNode complete(Block block) {
        JsonNode input = block.input.isEmpty() ? null : Json.read(block.input.toString());
        return input == null ? block.start : block.start.deepCopy().set("input", input);
    }

    /** Reason and counts, as far as they are in there; the last ones count. */
    void delta(JsonNode reason, JsonNode counts) {
        startIfMissing();
        Finish given = MessagesFinish.read(reason);
        finish = given == null ? finish : given;
        usage.merge(counts);
    }

    void end() {
        if (ended) {
            return;
        }
        startIfMissing();
        while (!blocks.isEmpty()) {
            blockEnded(blocks.firstKey());
        }
        FinishReason unsaid = calls > 0 ? FinishReason.TOOL_CALLS : FinishReason.STOP;
        answer.finished(finish == null ? new Finish(unsaid) : finish);
        answer.usage(usage.usage());
        ended = true;
        answer.ended();
    }

    void fail(UpstreamError error) {
        if (!ended) {
            ended = true;
            answer.failed(error);
        }
    }

    void failMalformed() {
        fail(new UpstreamError(
                502,
                null,
                "upstream_malformed",
                "The model provider's answer is not what its API promises.",
                null,
                null));
    }

    /** The error that this document is. */
    void fail(JsonNode document) {
        fail(UpstreamErrors.of(200, document));
    }
}
