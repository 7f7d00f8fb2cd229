package io.plano.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.Usage;
import java.util.ArrayList;
import java.util.List;

/**
 * What of an answer every format can say, so that answers in different formats can be compared.
 *
 * @param text all text, in its order
 * @param refusal the words by which the model declined
 * @param reasoning all visible reasoning, without white space: some formats set thoughts apart by blank lines
 * @param calls the calls of tools, in their order
 * @param finish {@code stop}, {@code length}, {@code tool_calls} or {@code content_filter}
 * @param tokens what it cost
 */
record AnswerGist(String text, String refusal, String reasoning, List<Call> calls, String finish, Tokens tokens) {
    AnswerGist {
        reasoning = reasoning.replaceAll("\\s+", "");
    }

    /** The call of a tool, its arguments as compact JSON; those of a custom tool as they are. */
    record Call(String id, String name, ToolKind kind, String arguments) {
        static Call of(String id, String name, ToolKind kind, String arguments) {
            return new Call(id, name, kind, kind == ToolKind.CUSTOM ? arguments : compact(arguments));
        }

        private static String compact(String arguments) {
            return Json.compact(CallArguments.answered(arguments));
        }
    }

    /** Zero where the provider does not say. */
    record Tokens(long input, long cacheRead, long output) {
        static Tokens of(Usage usage) {
            return new Tokens(
                    Usage.orZero(usage.input()), Usage.orZero(usage.cacheRead()), Usage.orZero(usage.output()));
        }
    }

    static AnswerGist of(ChatAnswer response) {
        StringBuilder refusal = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<Call> calls = new ArrayList<>();
        for (Part part : response.content()) {
            if (part instanceof Part.Refusal declined) {
                refusal.append(declined.text());
            } else if (part instanceof Part.Thought thought) {
                reasoning.append(thought.text());
            } else if (part instanceof Part.ToolCall call) {
                calls.add(Call.of(call.id(), call.name(), call.kind(), call.arguments()));
            }
        }
        return new AnswerGist(
                response.text(),
                refusal.toString(),
                reasoning.toString(),
                calls,
                classOf(response.finish().reason()),
                Tokens.of(response.usage()));
    }

    private static String classOf(FinishReason reason) {
        return switch (reason) {
            case STOP, STOP_SEQUENCE, PAUSED -> "stop";
            case LENGTH, CONTEXT_FULL -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER -> "content_filter";
        };
    }

    /** What is left of it where the client's format has no word for some of it. */
    AnswerGist in(WireFormat client) {
        return client == WireFormat.MESSAGES ? inMessages() : this;
    }

    /** With numbers as libraries hold them that read them as floating point: 1.50 is 1.5. */
    AnswerGist withPlainNumbers() {
        List<Call> plain = new ArrayList<>();
        for (Call call : calls) {
            JsonNode arguments = call.kind() == ToolKind.CUSTOM ? null : Json.read(call.arguments());
            plain.add(
                    arguments == null
                            ? call
                            : new Call(call.id(), call.name(), call.kind(), Json.compact(plain(arguments))));
        }
        return new AnswerGist(text, refusal, reasoning, plain, finish, tokens);
    }

    private static JsonNode plain(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(member -> member.setValue(plain(member.getValue())));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, plain(array.get(i)));
            }
        } else if (node.isNumber()) {
            return Json.nodes().numberNode(node.decimalValue().stripTrailingZeros());
        }
        return node;
    }

    /** Messages has no refusals (wire-spec §3.4) and no tools that take free text (§7). */
    private AnswerGist inMessages() {
        List<Call> objects = new ArrayList<>();
        for (Call call : calls) {
            objects.add(
                    call.kind() == ToolKind.FUNCTION
                            ? call
                            : new Call(
                                    call.id(),
                                    call.name(),
                                    ToolKind.FUNCTION,
                                    Json.compact(Json.nodes().objectNode().put("input", call.arguments()))));
        }
        String ending = refusal.isEmpty() ? finish : "content_filter";
        return new AnswerGist(text + refusal, "", reasoning, objects, ending, tokens);
    }
}
