package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.AnswerContext;
import io.plano.translate.Json;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.EventWriter;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatRequest.Delivery;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.SingleAnswerStream;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.neutral.Usage;
import io.plano.translate.openai.OpenAiErrors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Writes chunks. All that stands around a piece of text is the same in every chunk of an answer, so it is put together once.
 * The reason to finish waits for the end: until then the answer may still fail, and a client takes a reason to finish for
 * success. Usage goes out only to a client that asked for it, which then finds {@code "usage":null} in all other chunks.
 *
 * <p>One per answer; one thread.
 */
final class CompletionsStreamEncoder extends SingleAnswerStream {
    /** Its events have no names. */
    private static final String NAMELESS = "";

    /** Every member of a list has one: openai-python puts a message together by it, and fails without. */
    private static final String INDEX = "index";

    private static final byte[] DONE = utf8("[DONE]");
    private static final byte[] FUNCTION_ARGUMENTS = utf8(",\"function\":{\"arguments\":");
    private static final byte[] CUSTOM_INPUT = utf8(",\"custom\":{\"input\":");

    private final EventWriter events;
    private final AnswerContext context;
    private final boolean legacy;
    private final boolean withUsage;

    private ObjectNode envelope = Json.nodes().objectNode();
    private byte[] deltaHead = {};
    private byte[] textHead = {};
    private byte[] reasoningHead = {};
    private byte[] callHead = {};
    private byte[] functionCallHead = {};
    private byte[] tail = {};
    private byte[] callTail = {};
    private byte[] functionCallTail = {};

    private final StringBuilder thought = new StringBuilder();
    private final List<Citation> waiting = new ArrayList<>();
    private int position;
    private int blockStart;
    private int thinkingBlocks;
    private int sources;

    private final BitSet custom = new BitSet();
    private final BitSet withArguments = new BitSet();
    private final BitSet endedCalls = new BitSet();
    private int calls;

    private boolean saidAnything;
    private boolean refused;

    CompletionsStreamEncoder(EventWriter events, AnswerContext context) {
        this.events = events;
        this.context = context;
        this.legacy = LegacyFunctions.isMarked(context.request());
        this.withUsage = context.request().delivery() == Delivery.STREAM_WITH_USAGE;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    protected void begin(AnswerStart start) {
        envelope = CompletionsEnvelope.open(start, context, "chat.completion.chunk");
        String opening = Json.compact(envelope);
        String head = opening.substring(0, opening.length() - 1) + ",\"choices\":[{\"index\":0,\"delta\":{";
        String rest = "},\"logprobs\":null,\"finish_reason\":null}]" + (withUsage ? ",\"usage\":null}" : "}");
        deltaHead = events.head(NAMELESS, head);
        textHead = events.head(NAMELESS, head + "\"content\":");
        reasoningHead = events.head(NAMELESS, head + "\"reasoning_content\":");
        callHead = events.head(NAMELESS, head + "\"tool_calls\":[{\"index\":");
        functionCallHead = events.head(NAMELESS, head + "\"function_call\":{\"arguments\":");
        tail = events.tail(rest);
        callTail = events.tail("}}]" + rest);
        functionCallTail = events.tail("}" + rest);
        events.begin(deltaHead).write(utf8("\"role\":\"assistant\",\"content\":\"\",\"refusal\":null"));
        events.end(tail);
    }

    @Override
    public void textDelta(String text) {
        saidAnything = true;
        position += text.codePointCount(0, text.length());
        piece(textHead, text);
    }

    @Override
    public void reasoningDelta(String text) {
        endText();
        thought.append(text);
        piece(reasoningHead, text);
    }

    private void piece(byte[] head, String text) {
        events.begin(head).writeJsonString(text);
        events.end(tail);
    }

    @Override
    public void refusalDelta(String text) {
        endText();
        saidAnything = true;
        refused = true;
        delta(Json.nodes().objectNode().put("refusal", text));
    }

    /** Writes a chunk with this delta. */
    private void delta(ObjectNode delta) {
        byte[] members = Json.bytes(delta);
        events.begin(deltaHead).write(members, 1, members.length - 2);
        events.end(tail);
    }

    @Override
    public void reasoningSigned(Signature signature) {
        endText();
        if (signature.isState()) {
            return; // from its own kind of provider the members themselves come through
        }
        thinkingBlock(CompletionsEnvelope.thinkingBlock(thought.toString(), signature));
        thought.setLength(0);
    }

    @Override
    public void reasoningRedacted(Signature data) {
        blockEnded();
        thinkingBlock(CompletionsEnvelope.redactedBlock(data));
    }

    private void thinkingBlock(ObjectNode block) {
        ObjectNode delta = Json.nodes().objectNode();
        delta.putArray("thinking_blocks").add(block.put(INDEX, thinkingBlocks++));
        delta(delta);
    }

    @Override
    public void blockEnded() {
        endText();
        thought.setLength(0);
    }

    /** Sources without a position of their own stand for all of the text block, whose end is known now. */
    private void endText() {
        if (!waiting.isEmpty()) {
            ArrayNode annotations = Json.nodes().arrayNode();
            for (Citation citation : waiting) {
                JsonNode annotation = CompletionsEnvelope.annotation(citation, blockStart, position);
                if (annotation instanceof ObjectNode source) {
                    annotations.add(source.deepCopy().put(INDEX, sources++));
                }
            }
            waiting.clear();
            if (!annotations.isEmpty()) {
                ObjectNode delta = Json.nodes().objectNode();
                delta.set("annotations", annotations);
                delta(delta);
            }
        }
        blockStart = position;
    }

    @Override
    public void cited(Citation citation) {
        waiting.add(citation);
    }

    @Override
    public void toolCallStarted(int index, String id, String name, ToolKind kind) {
        blockEnded();
        saidAnything = true;
        calls = Math.max(calls, index + 1);
        custom.set(index, kind == ToolKind.CUSTOM);
        ObjectNode delta = Json.nodes().objectNode();
        if (legacy) {
            if (index == 0) {
                delta.putObject("function_call").put("name", name).put("arguments", "");
                delta(delta);
            }
            return;
        }
        boolean freeText = kind == ToolKind.CUSTOM;
        ObjectNode call =
                delta.putArray("tool_calls").addObject().put("index", index).put("id", id);
        call.put("type", freeText ? "custom" : "function")
                .putObject(freeText ? "custom" : "function")
                .put("name", name)
                .put(freeText ? "input" : "arguments", "");
        delta(delta);
    }

    @Override
    public void toolArgumentsDelta(int index, String arguments) {
        withArguments.set(index);
        if (legacy) {
            if (index == 0) {
                events.begin(functionCallHead).writeJsonString(arguments);
                events.end(functionCallTail);
            }
            return;
        }
        EventBuffer data = events.begin(callHead);
        writeNumber(index, data);
        data.write(custom.get(index) ? CUSTOM_INPUT : FUNCTION_ARGUMENTS);
        data.writeJsonString(arguments);
        events.end(callTail);
    }

    private static void writeNumber(int number, EventBuffer data) {
        if (number >= 10) {
            writeNumber(number / 10, data);
        }
        data.write('0' + number % 10);
    }

    @Override
    public void toolCallEnded(int index) {
        if (endedCalls.get(index)) {
            return;
        }
        endedCalls.set(index);
        if (!withArguments.get(index) && !custom.get(index)) {
            toolArgumentsDelta(index, "{}");
        }
    }

    @Override
    public void logprobs(JsonNode tokens) {
        ObjectNode choice = Json.nodes().objectNode().put("index", 0);
        choice.putObject("delta").put("content", "");
        choice.putObject("logprobs").<ObjectNode>set("content", tokens).putNull("refusal");
        chunk(choice.putNull("finish_reason"));
    }

    private void chunk(ObjectNode choice) {
        ObjectNode chunk = envelope.deepCopy();
        chunk.putArray("choices").add(choice);
        if (withUsage) {
            chunk.putNull("usage");
        }
        event(chunk);
    }

    private void event(ObjectNode chunk) {
        Json.write(NAMELESS, chunk, events);
    }

    @Override
    public void nativeBlock(WireFormat source, JsonNode block) {
        blockEnded();
    }

    @Override
    protected void stayAlive() {
        events.keepAlive();
    }

    @Override
    protected void end(Finish finish, Usage usage) {
        blockEnded();
        for (int index = 0; index < calls; index++) {
            toolCallEnded(index);
        }
        declined(finish);
        ObjectNode choice = Json.nodes().objectNode().put("index", 0);
        choice.putObject("delta");
        choice.putNull("logprobs");
        boolean calledAsBefore = legacy && finish.reason() == FinishReason.TOOL_CALLS;
        choice.put("finish_reason", calledAsBefore ? "function_call" : CompletionsFinish.word(finish.reason()));
        if (finish.reason() == FinishReason.STOP_SEQUENCE && finish.detail() != null) {
            choice.put("stop_reason", finish.detail());
        }
        chunk(choice);
        if (withUsage) {
            ObjectNode last = envelope.deepCopy();
            last.putArray("choices");
            last.set("usage", CompletionsUsage.write(usage));
            event(last);
        }
        events.write(NAMELESS, DONE);
    }

    /** A provider's words for why it declined stand where OpenAI has the model's own. */
    private void declined(Finish finish) {
        if (finish.reason() == FinishReason.CONTENT_FILTER && !refused) {
            if (finish.detail() != null) {
                refusalDelta(finish.detail());
            } else if (!saidAnything) {
                refusalDelta(CompletionsEnvelope.DECLINED);
            }
        }
    }

    @Override
    protected void fail(UpstreamError error, Usage usage) {
        events.write(NAMELESS, OpenAiErrors.body(error));
    }
}
