package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Json;
import io.plano.translate.UpstreamErrors;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.neutral.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What a provider answers, whole or in chunks, on its way to the neutral form. Holds the reason to finish and the usage back
 * until the answer is over: content, and errors, do come behind a reason to finish (OpenRouter), and usage comes on a chunk
 * of its own, or on every one (vLLM). Of several choices it hears the first.
 *
 * <p>One per answer; one thread.
 */
final class CompletionsAnswerReader {
    private final ChatStream answer;
    private final CompletionsCalls calls;

    /** The visible text of the thought that has no signature yet. */
    private final StringBuilder thought = new StringBuilder();

    private final VendorState state = new VendorState();
    private boolean started;
    private boolean over;
    private boolean saidAnything;
    private String id = "";
    private @Nullable String finish;
    private @Nullable JsonNode stop;
    private @Nullable Usage usage;

    CompletionsAnswerReader(ChatStream answer) {
        this.answer = answer;
        this.calls = new CompletionsCalls(answer);
    }

    boolean isStarted() {
        return started;
    }

    boolean isOver() {
        return over;
    }

    /** A chunk, or the whole answer. */
    void document(JsonNode document) {
        if (over) {
            return;
        } else if (UpstreamErrors.isError(document)) {
            failed(UpstreamErrors.of(200, document));
            return;
        } else if (UpstreamErrors.isBareError(document)) {
            failed(UpstreamErrors.ofBare(document));
            return;
        }
        usage(document);
        JsonNode choice = firstChoice(document.path("choices"));
        if (choice == null) {
            return;
        } else if (choice.hasNonNull("error")) {
            failed(UpstreamErrors.of(200, choice));
            return;
        }
        start(document);
        if (choice.hasNonNull("delta")) {
            said(choice.get("delta"), false);
        } else if (choice.hasNonNull("message")) {
            said(choice.get("message"), true);
        }
        JsonNode logprobs = choice.path("logprobs").path("content");
        if (logprobs.isArray() && !logprobs.isEmpty()) {
            answer.logprobs(logprobs);
        }
        String reason = choice.path("finish_reason").asText("");
        if (!reason.isEmpty()) {
            finish = reason;
            stop = choice.get("stop_reason");
        }
    }

    private void said(JsonNode said, boolean whole) {
        thoughts(said, whole);
        state.read(said);
        if (said.path("tool_calls").size() > 0) {
            flushState();
        }
        content(said);
    }

    /** What the provider wants to see again is the proof of what it thought so far, or stands by itself. */
    private void flushState() {
        if (!state.isEmpty()) {
            saidAnything = true;
            thought.setLength(0);
            answer.reasoningSigned(new Signature(WireFormat.COMPLETIONS, state.take(), Signature.STATE));
        }
    }

    private void start(JsonNode document) {
        if (!started) {
            started = true;
            id = document.path("id").asText("");
            answer.started(new AnswerStart(
                    id,
                    document.path("model").asText(""),
                    document.path("created").asLong(0),
                    document.path("service_tier").textValue()));
        }
    }

    private void usage(JsonNode document) {
        JsonNode node = document.path("usage");
        if (!node.isObject()) {
            node = document.path("x_groq").path("usage");
        }
        if (node.isObject()) {
            usage = CompletionsUsage.read(node);
        }
    }

    private static @Nullable JsonNode firstChoice(JsonNode choices) {
        for (JsonNode choice : choices) {
            if (choice.path("index").asInt(0) == 0) {
                return choice;
            }
        }
        return null;
    }

    private void thoughts(JsonNode said, boolean whole) {
        JsonNode blocks = said.path("thinking_blocks");
        boolean inBlocks = whole && !blocks.isEmpty();
        String shown = inBlocks ? "" : LenientMembers.shown(said);
        reasoning(shown);
        for (JsonNode block : blocks) {
            String text = shown.isEmpty() ? CompletionsContentDecoder.thinking(block.get("thinking")) : "";
            if (!endsThoughtWith(text)) {
                reasoning(text);
            }
            String signature = block.path("signature").asText("");
            String data = block.path("data").asText("");
            if (!data.isEmpty()) {
                answer.reasoningRedacted(new Signature(WireFormat.COMPLETIONS, data));
            } else if (!signature.isEmpty()) {
                answer.reasoningSigned(new Signature(WireFormat.COMPLETIONS, signature));
                thought.setLength(0);
            } else if (inBlocks) {
                answer.blockEnded();
                thought.setLength(0);
            }
        }
    }

    /** A signed block says again what was shown of it; what was shown before it may belong to a block without a signature. */
    private boolean endsThoughtWith(String text) {
        int before = thought.length() - text.length();
        return before >= 0 && thought.indexOf(text, before) == before;
    }

    private void content(JsonNode said) {
        JsonNode content = said.path("content");
        if (content.isTextual()) {
            text(content.textValue());
        } else if (content.isArray()) {
            for (JsonNode part : content) {
                part(part);
            }
        }
        String refusal = said.path("refusal").asText("");
        if (!refusal.isEmpty()) {
            saidAnything = true;
            answer.refusalDelta(refusal);
        }
        for (JsonNode call : said.path("tool_calls")) {
            call(call);
        }
        JsonNode function = said.path("function_call");
        if (function.isObject()) {
            String name = function.path("name").asText("");
            calls.piece(0, "", name, ToolKind.FUNCTION, LenientMembers.arguments(function.get("arguments")));
        }
        for (JsonNode annotation : said.path("annotations")) {
            citation(annotation);
        }
    }

    /** Mistral sends thoughts and text as parts. */
    private void part(JsonNode part) {
        if (part.isTextual()) {
            text(part.textValue());
        } else if (part.has("thinking")) {
            reasoning(CompletionsContentDecoder.thinking(part.get("thinking")));
        } else {
            text(part.path("text").asText(""));
        }
    }

    private void call(JsonNode call) {
        boolean custom = call.path("custom").isObject();
        JsonNode tool = call.path(custom ? "custom" : "function");
        String callId = call.path("id").asText("");
        String name = tool.path("name").asText("");
        String arguments = LenientMembers.arguments(tool.get(custom ? "input" : "arguments"));
        JsonNode index = call.path("index");
        int place = index.isInt() ? index.asInt() : calls.placeOf(callId, name);
        calls.piece(place, callId, name, custom ? ToolKind.CUSTOM : ToolKind.FUNCTION, arguments);
    }

    private void citation(JsonNode annotation) {
        JsonNode source = annotation.path("url_citation");
        String url = source.path("url").textValue();
        if (url != null) {
            answer.cited(new Citation(
                    WireFormat.COMPLETIONS,
                    annotation,
                    url,
                    source.path("title").textValue(),
                    source.path("start_index").asInt(-1),
                    source.path("end_index").asInt(-1)));
        }
    }

    void text(String text) {
        if (!text.isEmpty()) {
            flushState();
            saidAnything = true;
            thought.setLength(0);
            answer.textDelta(text);
        }
    }

    void reasoning(String text) {
        if (!text.isEmpty()) {
            saidAnything = true;
            thought.append(text);
            answer.reasoningDelta(text);
        }
    }

    void arguments(int index, String arguments) {
        calls.arguments(index, arguments);
    }

    /** {@code [DONE]} came: whatever came before it, and be it nothing, is all of the answer. */
    void lastWord() {
        if (!over) {
            start(MissingNode.getInstance());
            done();
        }
    }

    /** The answer is all there. */
    void done() {
        if (over) {
            return;
        }
        start(Json.nodes().objectNode());
        if (CompletionsFinish.isFailure(finish, saidAnything || calls.hasStarted())) {
            failed(new UpstreamError(
                    502, null, "upstream_error", "The model provider stopped with '" + finish + "'.", null, null));
        } else if (calls.hasNameless()) {
            failed(new UpstreamError(
                    502, null, "upstream_invalid", "The model provider sent a tool call without a name.", null, null));
        } else {
            calls.end(id);
            flushState();
            answer.finished(CompletionsFinish.read(finish, stop, calls.hasStarted()));
            if (usage != null) {
                answer.usage(usage);
            }
            over = true;
            answer.ended();
        }
    }

    /** The transport ended. */
    void closed() {
        if (finish == null) {
            failed(UpstreamErrors.truncated());
        } else {
            done();
        }
    }

    void failed(UpstreamError error) {
        if (!over) {
            over = true;
            answer.failed(error);
        }
    }
}
