package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.AnswerContext;
import io.plano.translate.Json;
import io.plano.translate.framing.EventWriter;
import io.plano.translate.messages.MessagesStreamBlock.Kind;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.SingleAnswerStream;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.neutral.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a stream of the Messages API.
 *
 * <h2>One block at a time</h2>
 *
 * This API has exactly one block open at a time; other providers write several calls at once. Blocks stand in a queue in the
 * order in which they began: the first one is open, and its pieces go out as they come; the others collect theirs until it is
 * their turn, which is when the one before has ended. A text or thought ends when something else begins, a call when its
 * decoder says so, or with the answer. No block is opened for nothing: clients send empty texts back, and Anthropic refuses
 * them.
 */
final class MessagesStreamEncoder extends SingleAnswerStream {
    private static final byte[] PING = utf8("{\"type\": \"ping\"}");
    private static final byte[] STOP = utf8("{\"type\":\"message_stop\"}");

    private final EventWriter events;
    private final AnswerContext context;
    private final ArrayDeque<MessagesStreamBlock> queue = new ArrayDeque<>();
    private final Map<Integer, MessagesStreamBlock> calls = new HashMap<>();

    /** Sources that came before their text. */
    private final List<JsonNode> early = new ArrayList<>();

    private int nextIndex;
    private boolean refused;

    MessagesStreamEncoder(EventWriter events, AnswerContext context) {
        this.events = events;
        this.context = context;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode typed(String type) {
        return Json.nodes().objectNode().put("type", type);
    }

    @Override
    protected void begin(AnswerStart start) {
        ObjectNode message = MessagesAnswerParts.message(start, context);
        message.set("usage", MessagesAnswerParts.usage(Usage.NOTHING_KNOWN, start.serviceTier()));
        ObjectNode event = typed("message_start");
        event.set("message", message);
        Json.write("message_start", event, events);
    }

    @Override
    public void textDelta(String text) {
        add(Kind.TEXT, text);
    }

    @Override
    public void refusalDelta(String text) {
        refused = true;
        add(Kind.REFUSAL, text);
    }

    @Override
    public void reasoningDelta(String text) {
        add(Kind.THINKING, text);
    }

    private void add(Kind kind, String text) {
        MessagesStreamBlock last = openLast(kind);
        if (last == null) {
            last = append(new MessagesStreamBlock(
                    kind, kind == Kind.THINKING ? MessagesAnswerParts.thinking() : MessagesAnswerParts.text()));
        }
        if (kind == Kind.TEXT && !early.isEmpty()) {
            for (JsonNode citation : early) {
                last.cite(citation, events);
            }
            early.clear();
        }
        last.add(text, events);
    }

    /** The block at the end of the queue if a piece of that kind continues it. */
    private @Nullable MessagesStreamBlock openLast(Kind kind) {
        MessagesStreamBlock last = queue.peekLast();
        return last != null && last.is(kind) && !last.isComplete() ? last : null;
    }

    private MessagesStreamBlock append(MessagesStreamBlock block) {
        completeText();
        queue.add(block);
        advance();
        return block;
    }

    private void completeText() {
        MessagesStreamBlock last = queue.peekLast();
        if (last != null && !last.is(Kind.TOOL) && !last.is(Kind.CUSTOM_TOOL)) {
            last.complete();
        }
    }

    /** Opens the first block, and closes it and goes on with the next one as long as they are complete. */
    private void advance() {
        MessagesStreamBlock first = queue.peekFirst();
        while (first != null) {
            if (!first.isOpen()) {
                first.open(nextIndex++, events);
            }
            if (!first.isComplete()) {
                return;
            }
            first.close(events);
            queue.removeFirst();
            first = queue.peekFirst();
        }
    }

    @Override
    public void reasoningSigned(Signature signature) {
        MessagesStreamBlock last = openLast(Kind.THINKING);
        if (last == null) {
            completeText();
            last = new MessagesStreamBlock(Kind.THINKING, MessagesAnswerParts.thinking());
            queue.add(last);
        }
        last.sign(signature.wrap(WireFormat.MESSAGES));
        advance();
    }

    @Override
    public void reasoningRedacted(Signature data) {
        append(new MessagesStreamBlock(Kind.WHOLE, MessagesAnswerParts.redacted(data.wrap(WireFormat.MESSAGES))));
    }

    @Override
    public void blockEnded() {
        completeText();
        advance();
    }

    @Override
    public void toolCallStarted(int index, String id, String name, ToolKind kind) {
        MessagesStreamBlock call = new MessagesStreamBlock(
                kind == ToolKind.CUSTOM ? Kind.CUSTOM_TOOL : Kind.TOOL, MessagesAnswerParts.toolUse(id, name));
        calls.put(index, call);
        append(call);
    }

    @Override
    public void toolArgumentsDelta(int index, String arguments) {
        MessagesStreamBlock call = calls.get(index);
        if (call != null && !call.isComplete()) {
            call.add(arguments, events);
        }
    }

    @Override
    public void toolCallEnded(int index) {
        MessagesStreamBlock call = calls.get(index);
        if (call != null) {
            call.complete();
            advance();
        }
    }

    /** The words that another provider cites have gone already: only the source is told. */
    @Override
    public void cited(Citation citation) {
        MessagesStreamBlock text = openLast(Kind.TEXT);
        JsonNode value = MessagesAnswerParts.citation(citation, "");
        if (text != null && value != null) {
            text.cite(value, events);
        } else if (value != null) {
            early.add(value);
        }
    }

    @Override
    public void logprobs(JsonNode tokens) {
        // This API has none: a request that asks for them is refused.
    }

    @Override
    public void nativeBlock(WireFormat source, JsonNode block) {
        if (source == WireFormat.MESSAGES && block instanceof ObjectNode own) {
            append(new MessagesStreamBlock(Kind.WHOLE, own));
        }
    }

    /** A ping is an event here, and the first event is {@code message_start}. */
    @Override
    protected void stayAlive() {
        if (hasBegun()) {
            events.write("ping", PING);
        }
    }

    @Override
    protected void end(Finish finish, Usage usage) {
        queue.forEach(MessagesStreamBlock::complete);
        advance();
        ObjectNode event = typed("message_delta");
        MessagesAnswerParts.finish(
                event.putObject("delta"), finish, MessagesFinish.word(finish, !calls.isEmpty(), refused));
        event.set("usage", MessagesAnswerParts.usage(usage, null));
        Json.write("message_delta", event, events);
        events.write("message_stop", STOP);
    }

    @Override
    protected void fail(UpstreamError error, Usage usage) {
        events.write("error", MessagesErrors.body(error, context.requestId()));
    }
}
