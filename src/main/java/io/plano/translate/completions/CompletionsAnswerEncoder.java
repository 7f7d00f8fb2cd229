package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.AnswerContext;
import io.plano.translate.Json;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;

/** Writes a whole answer. One choice holds everything: reasoning, then text, then calls, whatever order they came in. */
final class CompletionsAnswerEncoder {
    private final ChatAnswer answer;
    private final AnswerContext context;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final ArrayNode blocks = Json.nodes().arrayNode();
    private final ArrayNode calls = Json.nodes().arrayNode();
    private boolean isSigned;

    private CompletionsAnswerEncoder(ChatAnswer answer, AnswerContext context) {
        this.answer = answer;
        this.context = context;
    }

    static byte[] encode(ChatAnswer answer, AnswerContext context) {
        return new CompletionsAnswerEncoder(answer, context).write();
    }

    private byte[] write() {
        answer.content().forEach(this::part);
        ObjectNode node = CompletionsEnvelope.open(answer.start(), context, "chat.completion");
        ObjectNode choice = node.putArray("choices").addObject().put("index", 0);
        Finish finish = answer.finish();
        boolean legacy = LegacyFunctions.isMarked(context.request()) && !calls.isEmpty();
        message(choice.putObject("message"), finish, legacy);
        if (answer.logprobs() == null) {
            choice.putNull("logprobs");
        } else {
            choice.putObject("logprobs")
                    .<ObjectNode>set("content", answer.logprobs())
                    .putNull("refusal");
        }
        boolean calledAsBefore = legacy && finish.reason() == FinishReason.TOOL_CALLS;
        choice.put("finish_reason", calledAsBefore ? "function_call" : CompletionsFinish.word(finish.reason()));
        if (finish.reason() == FinishReason.STOP_SEQUENCE && finish.detail() != null) {
            choice.put("stop_reason", finish.detail());
        }
        node.set("usage", CompletionsUsage.write(answer.usage()));
        return Json.bytes(node);
    }

    private void part(Part part) {
        if (part instanceof Part.Text piece) {
            text.append(piece.text());
        } else if (part instanceof Part.Refusal piece) {
            refusal.append(piece.text());
        } else if (part instanceof Part.Thought thought) {
            reasoning
                    .append(reasoning.isEmpty() || thought.text().isEmpty() ? "" : "\n\n")
                    .append(thought.text());
            Signature proof = thought.signature();
            Signature signature = proof != null && proof.isState() ? null : proof;
            blocks.add(CompletionsEnvelope.thinkingBlock(thought.text(), signature));
            isSigned |= signature != null;
        } else if (part instanceof Part.RedactedThought thought) {
            blocks.add(CompletionsEnvelope.redactedBlock(thought.data()));
            isSigned = true;
        } else if (part instanceof Part.ToolCall call) {
            call(call);
        }
    }

    private void call(Part.ToolCall call) {
        boolean custom = call.kind() == ToolKind.CUSTOM;
        ObjectNode node = calls.addObject().put("id", call.id()).put("type", custom ? "custom" : "function");
        ObjectNode tool = node.putObject(custom ? "custom" : "function").put("name", call.name());
        if (custom) {
            tool.put("input", call.arguments());
        } else {
            tool.put("arguments", call.arguments().isEmpty() ? "{}" : call.arguments());
        }
    }

    private void message(ObjectNode message, Finish finish, boolean legacy) {
        message.put("role", "assistant");
        declined(finish);
        if (text.isEmpty() && (!calls.isEmpty() || !refusal.isEmpty())) {
            message.putNull("content");
        } else {
            message.put("content", text.toString());
        }
        if (refusal.isEmpty()) {
            message.putNull("refusal");
        } else {
            message.put("refusal", refusal.toString());
        }
        if (!reasoning.isEmpty()) {
            message.put("reasoning_content", reasoning.toString());
        }
        if (isSigned) {
            message.set("thinking_blocks", blocks);
        }
        if (legacy) {
            message.set("function_call", calls.get(0).path("function"));
        } else if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        annotations(message);
    }

    /** A provider's words for why it declined stand where OpenAI has the model's own. */
    private void declined(Finish finish) {
        if (finish.reason() == FinishReason.CONTENT_FILTER && refusal.isEmpty()) {
            if (finish.detail() != null) {
                refusal.append(finish.detail());
            } else if (text.isEmpty() && calls.isEmpty()) {
                refusal.append(CompletionsEnvelope.DECLINED);
            }
        }
    }

    private void annotations(ObjectNode message) {
        ArrayNode annotations = Json.nodes().arrayNode();
        int length = text.codePointCount(0, text.length());
        for (Citation citation : answer.citations()) {
            JsonNode annotation = CompletionsEnvelope.annotation(citation, 0, length);
            if (annotation != null) {
                annotations.add(annotation);
            }
        }
        if (!annotations.isEmpty()) {
            message.set("annotations", annotations);
        }
    }
}
