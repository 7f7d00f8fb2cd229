package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.AnswerContext;
import io.plano.translate.Json;
import io.plano.translate.framing.EventWriter;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.SingleAnswerStream;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.neutral.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer as the events of Responses (wire-spec §4.1, §4.4), and keeps it, since the last event repeats all of it.
 *
 * <h2>Items</h2>
 *
 * Text is a message item, one content part a block; reasoning and each call are items of their own. A message item, and a call
 * that has all its input, is declared done only when the next item begins or the answer ends: only then is it known whether
 * the limit on tokens cut it off, which makes it {@code incomplete}. Calls may be open side by side.
 */
final class ResponsesStreamEncoder extends SingleAnswerStream {
    private final AnswerContext context;
    private final ResponsesEvents events;
    private final ResponsesClientTools tools;
    private final boolean tokensWanted;

    /** Items that are not done, by their place in the output. */
    private final TreeMap<Integer, ResponsesOutputItem> open = new TreeMap<>();

    private final TreeMap<Integer, ObjectNode> done = new TreeMap<>();
    private final Map<Integer, ResponsesCallItem> calls = new HashMap<>();

    /** Sources that came before their text, as they do from Claude. */
    private final List<Citation> early = new ArrayList<>();

    private @Nullable ResponsesMessageItem message;
    private @Nullable ResponsesReasoningItem reasoning;
    private @Nullable ResponsesEnvelope skeleton;
    private int items;
    private int textEnd;
    private @Nullable ObjectNode response;

    ResponsesStreamEncoder(EventWriter writer, AnswerContext context) {
        this.context = context;
        events = new ResponsesEvents(writer);
        tools = new ResponsesClientTools(context.request().tools().tools());
        tokensWanted = context.request().sampling().topLogprobs() != null;
    }

    /** The whole response, once it has ended. */
    ObjectNode response() {
        if (response == null) {
            throw new IllegalStateException("the answer has not ended");
        }
        return response;
    }

    @Override
    protected void begin(AnswerStart start) {
        start(start);
    }

    private ResponsesEnvelope start(AnswerStart start) {
        ResponsesEnvelope begun = new ResponsesEnvelope(context, start);
        skeleton = begun;
        events.write("response.created", event -> event.set("response", begun.begun()));
        events.write("response.in_progress", event -> event.set("response", begun.begun()));
        return begun;
    }

    private ResponsesEnvelope skeleton() {
        ResponsesEnvelope known = skeleton;
        return known != null ? known : start(new AnswerStart("", "", 0, null));
    }

    private <T extends ResponsesOutputItem> T begin(T item) {
        open.put(item.outputIndex, item);
        item.begin();
        return item;
    }

    /** The place of an item that begins now; what can be done is done before. */
    private int nextPlace() {
        closeMessage();
        closeReasoning();
        open.values().stream()
                .filter(item -> item instanceof ResponsesCallItem call && call.isComplete())
                .toList()
                .forEach(item -> close(item, ResponsesOutputItem.COMPLETED));
        return items++;
    }

    private void close(ResponsesOutputItem item, String status) {
        open.remove(item.outputIndex);
        done.put(item.outputIndex, item.end(status));
    }

    private void closeMessage() {
        if (message != null) {
            close(message, ResponsesOutputItem.COMPLETED);
            textEnd = message.textEnd();
            message = null;
        }
    }

    private void closeReasoning() {
        if (reasoning != null) {
            close(reasoning, ResponsesOutputItem.COMPLETED);
            reasoning = null;
        }
    }

    private ResponsesMessageItem message() {
        ResponsesMessageItem known = message;
        if (known == null) {
            int place = nextPlace();
            known = begin(
                    new ResponsesMessageItem(events, skeleton().itemId("msg", place), place, textEnd, tokensWanted));
            message = known;
        }
        return known;
    }

    @Override
    public void textDelta(String text) {
        ResponsesMessageItem open = message();
        open.append(ResponsesMessageItem.Kind.TEXT, text);
        if (!early.isEmpty()) {
            early.forEach(open::cite);
            early.clear();
        }
    }

    @Override
    public void refusalDelta(String text) {
        message().append(ResponsesMessageItem.Kind.REFUSAL, text);
    }

    @Override
    public void reasoningDelta(String text) {
        ResponsesReasoningItem known = reasoning;
        if (known == null) {
            int place = nextPlace();
            known = begin(new ResponsesReasoningItem(events, reasoningId(place), place));
            reasoning = known;
        }
        known.append(text);
    }

    @Override
    public void reasoningSigned(Signature signature) {
        if (reasoning != null) {
            reasoning.seal(signature.wrap(WireFormat.RESPONSES));
            closeReasoning();
            return;
        }
        hidden(signature.wrap(WireFormat.RESPONSES), signature);
    }

    @Override
    public void reasoningRedacted(Signature data) {
        Signature marked = new Signature(data.origin(), data.value(), Signature.REDACTED);
        hidden(marked.wrap(WireFormat.RESPONSES), data);
    }

    private void hidden(String encrypted, Signature signature) {
        int place = nextPlace();
        boolean own = signature.origin() == WireFormat.RESPONSES && signature.itemId() != null;
        String id = own ? signature.itemId() : reasoningId(place);
        give(ResponsesReasoningItem.of(String.valueOf(id), "", encrypted), place);
    }

    /** One that can be told from a provider's own when it comes back. */
    private String reasoningId(int place) {
        return skeleton().itemId(Signature.REASONING_ID.substring(0, Signature.REASONING_ID.length() - 1), place);
    }

    private void give(ObjectNode item, int place) {
        close(begin(new ResponsesVerbatimItem(events, item, place)), ResponsesOutputItem.COMPLETED);
    }

    @Override
    public void blockEnded() {
        closeReasoning();
        if (message != null) {
            message.partEnded();
        }
    }

    @Override
    public void toolCallStarted(int index, String id, String name, ToolKind kind) {
        int place = nextPlace();
        ObjectNode head = Json.nodes().objectNode().put("call_id", id);
        tools.writeName(name, head);
        String prefix = kind == ToolKind.FUNCTION ? "fc" : "ctc";
        calls.put(index, begin(new ResponsesCallItem(events, skeleton().itemId(prefix, place), place, kind, head)));
    }

    @Override
    public void toolArgumentsDelta(int index, String arguments) {
        ResponsesCallItem call = calls.get(index);
        if (call != null) {
            call.append(arguments);
        }
    }

    @Override
    public void toolCallEnded(int index) {
        ResponsesCallItem call = calls.remove(index);
        if (call != null) {
            call.complete();
        }
    }

    @Override
    public void cited(Citation citation) {
        if (message != null && message.hasText()) {
            message.cite(citation);
        } else {
            early.add(citation);
        }
    }

    @Override
    public void logprobs(JsonNode tokens) {
        if (message != null && tokensWanted) {
            message.logprobs(tokens);
        }
    }

    @Override
    public void nativeBlock(WireFormat source, JsonNode block) {
        if (source == WireFormat.RESPONSES && block instanceof ObjectNode item) {
            give(item, nextPlace());
        } else {
            blockEnded();
        }
    }

    @Override
    protected void stayAlive() {
        events.ping();
    }

    @Override
    protected void end(Finish finish, Usage usage) {
        ResponsesEnvelope known = skeleton();
        if (finish.reason() == FinishReason.CONTENT_FILTER && finish.detail() != null && items == 0) {
            refusalDelta(finish.detail());
        }
        String cutBy = cutBy(finish.reason());
        closeAll(cutBy == null ? ResponsesOutputItem.COMPLETED : ResponsesOutputItem.INCOMPLETE);
        String status = cutBy == null ? "completed" : "incomplete";
        ObjectNode whole = known.ended(status, output(), usage);
        if (cutBy != null) {
            whole.putObject("incomplete_details").put("reason", cutBy);
        }
        response = whole;
        events.write("response." + status, event -> event.set("response", whole));
    }

    private static @Nullable String cutBy(FinishReason reason) {
        return switch (reason) {
            case LENGTH, CONTEXT_FULL -> "max_output_tokens";
            case CONTENT_FILTER -> "content_filter";
            case STOP, STOP_SEQUENCE, TOOL_CALLS, PAUSED -> null;
        };
    }

    /** Ends what is open: the last item as the answer has ended, all before it as complete. */
    private void closeAll(String lastStatus) {
        while (!open.isEmpty()) {
            ResponsesOutputItem item = open.firstEntry().getValue();
            close(item, item.outputIndex == items - 1 ? lastStatus : ResponsesOutputItem.COMPLETED);
        }
        message = null;
        reasoning = null;
    }

    private ArrayNode output() {
        ArrayNode output = Json.nodes().arrayNode();
        done.values().forEach(output::add);
        return output;
    }

    @Override
    protected void fail(UpstreamError error, Usage usage) {
        String code = ResponsesErrors.codeInResponse(error);
        if (skeleton == null) {
            events.write(
                    "error",
                    event -> event.put("code", error.code() == null ? code : error.code())
                            .put("message", error.message())
                            .put("param", error.param()));
            return;
        }
        ObjectNode whole = skeleton.ended("failed", output(), usage);
        whole.putObject("error").put("code", code).put("message", error.message());
        response = whole;
        events.write("response.failed", event -> event.set("response", whole));
    }
}
