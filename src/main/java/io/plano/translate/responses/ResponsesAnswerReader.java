package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Json;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pushes the output items of one response as they become known, piece by piece or whole. Providers differ in what they
 * repeat: the same text may come as deltas, in the done event of the text, of the part and of the item, and in the final
 * response. Each thing is pushed when it is first seen, and never again. One thread at a time.
 */
final class ResponsesAnswerReader {
    /** What a response has put out so far at one place. */
    private static final class Item {
        private final Map<Integer, TextPart> parts = new HashMap<>();
        private int callIndex = -1;
        private boolean argumentsSeen;
        private boolean done;

        /** Which of its two texts a reasoning item shows, and how far it is; some providers send both. */
        private @Nullable Thinking thinking;

        private int paragraph;
    }

    /** One text or refusal of a message item. */
    private static final class TextPart {
        private final int start;
        private boolean seen;
        private boolean logprobsSeen;
        private int annotations;

        private TextPart(int start) {
            this.start = start;
        }
    }

    /** The two texts of a reasoning item. */
    enum Thinking {
        SUMMARY,
        CONTENT
    }

    private final ChatStream answer;
    private final Map<Integer, Item> items = new HashMap<>();
    private final List<Item> openCalls = new ArrayList<>();
    private boolean started;
    private int calls;
    private boolean called;
    private final Set<String> callIds = new HashSet<>();

    /** Whether any text or refusal came. */
    private boolean said;

    private int textLength;

    /** The block that is open towards the answer: a text part, or a reasoning item. */
    private @Nullable Object open;

    ResponsesAnswerReader(ChatStream answer) {
        this.answer = answer;
    }

    /** The head of the response; only the first one counts. */
    void start(JsonNode response) {
        if (!started) {
            started = true;
            answer.started(new AnswerStart(
                    response.path("id").asText(""),
                    response.path("model").asText(""),
                    response.path("created_at").asLong(0),
                    response.path("service_tier").textValue()));
        }
    }

    private Item item(int index) {
        if (!started) {
            start(Json.nodes().objectNode());
        }
        return items.computeIfAbsent(index, key -> new Item());
    }

    private TextPart part(int index, int content) {
        return item(index).parts.computeIfAbsent(content, key -> new TextPart(textLength));
    }

    private void openAs(Object block) {
        if (open != block) {
            if (open != null) {
                answer.blockEnded();
            }
            open = block;
        }
    }

    private void close(@Nullable Object block) {
        if (open != null && open == block) {
            answer.blockEnded();
            open = null;
        }
    }

    void textDelta(int index, int content, String text) {
        TextPart part = part(index, content);
        part.seen = true;
        if (!text.isEmpty()) {
            said = true;
            openAs(part);
            answer.textDelta(text);
            textLength += text.codePointCount(0, text.length());
        }
    }

    void refusalDelta(int index, int content, String text) {
        TextPart part = part(index, content);
        part.seen = true;
        if (!text.isEmpty()) {
            said = true;
            openAs(part);
            answer.refusalDelta(text);
        }
    }

    void reasoningDelta(int index, Thinking kind, int paragraph, String text) {
        Item item = item(index);
        if (text.isEmpty() || (item.thinking != null && item.thinking != kind)) {
            return;
        }
        openAs(item);
        if (item.thinking != null && item.paragraph != paragraph) {
            answer.reasoningDelta(ResponsesItemsDecoder.PARAGRAPH);
        }
        item.thinking = kind;
        item.paragraph = paragraph;
        answer.reasoningDelta(text);
    }

    /** All of a text, which counts if no piece of it came before. */
    void textDone(int index, int content, String text) {
        if (!part(index, content).seen) {
            textDelta(index, content, text);
        }
    }

    /** All of a refusal, which counts if no piece of it came before. */
    void refusalDone(int index, int content, String text) {
        if (!part(index, content).seen) {
            refusalDelta(index, content, text);
        }
    }

    /** All of a paragraph, which counts if no piece of it came before. */
    void reasoningDone(int index, Thinking kind, int paragraph, String text) {
        Item item = item(index);
        if (item.thinking == null || (item.thinking == kind && item.paragraph < paragraph)) {
            reasoningDelta(index, kind, paragraph, text);
        }
    }

    /** Pieces of a call that has not been named wait for its item, which has them all. */
    void argumentsDelta(int index, String text) {
        Item item = item(index);
        if (item.callIndex >= 0 && !item.done && !text.isEmpty()) {
            item.argumentsSeen = true;
            answer.toolArgumentsDelta(item.callIndex, text);
        }
    }

    /** The log probabilities of text that has just been pushed. */
    void logprobs(int index, int content, JsonNode tokens) {
        if (tokens.isArray() && !tokens.isEmpty()) {
            part(index, content).logprobsSeen = true;
            answer.logprobs(withBytes(tokens));
        }
    }

    /** Chat Completions has the bytes of each token; events of Responses leave them out. */
    private static JsonNode withBytes(JsonNode tokens) {
        ArrayNode complete = Json.nodes().arrayNode();
        for (JsonNode token : tokens) {
            ObjectNode copy = token.isObject() ? token.deepCopy() : Json.nodes().objectNode();
            addBytes(copy);
            copy.path("top_logprobs").forEach(other -> {
                if (other instanceof ObjectNode alternative) {
                    addBytes(alternative);
                }
            });
            complete.add(copy);
        }
        return complete;
    }

    private static void addBytes(ObjectNode token) {
        if (!token.has("bytes")) {
            ArrayNode bytes = token.putArray("bytes");
            for (byte octet : token.path("token").asText("").getBytes(StandardCharsets.UTF_8)) {
                bytes.add(octet & 0xFF);
            }
        }
    }

    void annotation(int index, int content, JsonNode annotation) {
        if (!annotation.isObject()) {
            return;
        }
        TextPart part = part(index, content);
        part.annotations++;
        JsonNode start = annotation.path("start_index");
        JsonNode end = annotation.path("end_index");
        boolean placed = start.canConvertToInt() && end.canConvertToInt();
        boolean web = "url_citation".equals(annotation.path("type").textValue());
        answer.cited(new Citation(
                WireFormat.RESPONSES,
                annotation,
                web ? annotation.path("url").textValue() : null,
                web ? annotation.path("title").textValue() : null,
                placed ? Math.max(part.start + start.intValue(), 0) : -1,
                placed ? Math.max(part.start + end.intValue(), 0) : -1));
    }

    /** A text or refusal is complete. */
    void partDone(int index, int content, JsonNode part) {
        TextPart known = part(index, content);
        if (!known.seen) {
            textDelta(index, content, part.path("text").asText(""));
            refusalDelta(index, content, part.path("refusal").asText(""));
        }
        if (!known.logprobsSeen) {
            logprobs(index, content, part.path("logprobs"));
        }
        JsonNode annotations = part.path("annotations");
        for (int i = known.annotations; i < annotations.size(); i++) {
            annotation(index, content, annotations.get(i));
        }
        close(known);
    }

    void itemAdded(int index, JsonNode item) {
        ToolKind kind = kind(item);
        Item known = item(index);
        if (kind != null
                && known.callIndex < 0
                && item.path("call_id").isTextual()
                && item.path("name").isTextual()) {
            startCall(known, item, kind);
        }
    }

    private static @Nullable ToolKind kind(JsonNode item) {
        return switch (item.path("type").asText("")) {
            case "function_call" -> ToolKind.FUNCTION;
            case "custom_tool_call" -> ToolKind.CUSTOM;
            default -> null;
        };
    }

    private void startCall(Item known, JsonNode item, ToolKind kind) {
        if (open != null) {
            close(open);
        }
        known.callIndex = calls++;
        called = true;
        openCalls.add(known);
        String id = item.path("call_id").asText("");
        callIds.add(id);
        answer.toolCallStarted(
                known.callIndex,
                id.isEmpty() ? "call_" + known.callIndex : id,
                item.path("name").asText(""),
                kind);
    }

    /** All of a call's arguments. */
    void argumentsDone(int index, String arguments) {
        if (!item(index).argumentsSeen) {
            argumentsDelta(index, arguments);
        }
    }

    void itemDone(int index, JsonNode item) {
        Item known = item(index);
        if (known.done || !item.isObject()) {
            return;
        }
        switch (item.path("type").asText("")) {
            case "message" -> {
                JsonNode content = item.path("content");
                for (int i = 0; i < content.size(); i++) {
                    partDone(index, i, content.get(i));
                }
            }
            case "reasoning" -> reasoningDone(index, known, item);
            case "function_call", "custom_tool_call" -> callDone(index, known, item);
            default -> {
                if (open != null) {
                    close(open);
                }
                answer.nativeBlock(WireFormat.RESPONSES, item);
            }
        }
        known.done = true;
    }

    private void reasoningDone(int index, Item known, JsonNode item) {
        if (known.thinking == null) {
            paragraphs(index, Thinking.SUMMARY, item.path("summary"));
            paragraphs(index, Thinking.CONTENT, item.path("content"));
        }
        String encrypted = item.path("encrypted_content").asText("");
        if (encrypted.isEmpty()) {
            close(known);
            return;
        }
        if (open != known && open != null) {
            close(open);
        }
        open = null;
        String id = ResponsesItemsDecoder.legalId(item.path("id").textValue());
        answer.reasoningSigned(new Signature(WireFormat.RESPONSES, encrypted, id));
    }

    private void paragraphs(int index, Thinking kind, JsonNode paragraphs) {
        for (int i = 0; i < paragraphs.size(); i++) {
            reasoningDelta(index, kind, i, paragraphs.get(i).path("text").asText(""));
        }
    }

    private void callDone(int index, Item known, JsonNode item) {
        ToolKind kind = item.path("type").asText("").equals("custom_tool_call") ? ToolKind.CUSTOM : ToolKind.FUNCTION;
        if (known.callIndex < 0) {
            startCall(known, item, kind);
        }
        argumentsDone(
                index,
                item.path(kind == ToolKind.CUSTOM ? "input" : "arguments").asText(""));
        openCalls.remove(known);
        answer.toolCallEnded(known.callIndex);
    }

    /** The last word of a response that did not fail. What its output has counts if it did not come before. */
    void finish(JsonNode response) {
        start(response);
        JsonNode output = response.path("output");
        boolean nothing = items.isEmpty();
        int behind = items.keySet().stream().mapToInt(index -> index + 1).max().orElse(0);
        boolean spoke = said;
        for (int i = 0; i < output.size(); i++) {
            if (nothing) {
                itemDone(i, output.get(i));
            } else if (isMissing(output.get(i), spoke)) {
                itemDone(behind++, output.get(i));
            }
        }
        if (open != null) {
            close(open);
        }
        openCalls.forEach(call -> answer.toolCallEnded(call.callIndex));
        openCalls.clear();
        answer.finished(new Finish(reason(response)));
        JsonNode usage = response.path("usage");
        if (usage.isObject()) {
            answer.usage(usage(usage));
        }
        answer.ended();
    }

    /** Whether the final output has something that no event told: servers leave out either. */
    private boolean isMissing(JsonNode item, boolean spoke) {
        if (kind(item) != null) {
            return !callIds.contains(item.path("call_id").asText(""));
        }
        return item.path("type").asText("").equals("message") && !spoke;
    }

    private FinishReason reason(JsonNode response) {
        if ("incomplete".equals(response.path("status").textValue())) {
            String why = response.path("incomplete_details").path("reason").asText("");
            return why.equals("content_filter") ? FinishReason.CONTENT_FILTER : FinishReason.LENGTH;
        }
        return called ? FinishReason.TOOL_CALLS : FinishReason.STOP;
    }

    private static Usage usage(JsonNode usage) {
        JsonNode input = usage.path("input_tokens_details");
        return new Usage(
                usage.path("input_tokens").asLong(Usage.UNKNOWN),
                input.path("cached_tokens").asLong(Usage.UNKNOWN),
                input.path("cache_write_tokens").asLong(Usage.UNKNOWN),
                usage.path("output_tokens").asLong(Usage.UNKNOWN),
                usage.path("output_tokens_details").path("reasoning_tokens").asLong(Usage.UNKNOWN));
    }
}
