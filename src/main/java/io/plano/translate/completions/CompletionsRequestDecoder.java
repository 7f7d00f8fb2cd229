package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.Json;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.Account;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatRequest.Delivery;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Reasoning;
import io.plano.translate.neutral.Reasoning.Mode;
import io.plano.translate.neutral.Sampling;
import io.plano.translate.neutral.ToolUse;
import io.plano.translate.neutral.Turn;
import io.plano.translate.openai.OpenAiRequests;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Chat Completions request. Beyond OpenAI's reference it knows the members by which other servers, and LiteLLM's
 * clients, ask for thought: {@code thinking} and {@code reasoning}. One per request; one thread.
 */
final class CompletionsRequestDecoder {
    /** Without these the answer would be another one, or lack what the client waits for. */
    private static final String[] ESSENTIAL = {
        "n", "audio", "modalities", "response_format", "previous_response_id", "conversation", "thread_id", "container"
    };

    private final MemberReader request;
    private Extras formatRest = Extras.NONE;

    private CompletionsRequestDecoder(MemberReader request) {
        this.request = request;
    }

    static ChatRequest decode(byte[] body) {
        return new CompletionsRequestDecoder(MemberReader.ofDocument(body)).decode();
    }

    private ChatRequest decode() {
        String model = request.string("model");
        List<Turn> turns = new CompletionsMessageDecoder().decode(request);
        ToolUse tools = CompletionsToolDecoder.decode(request);
        MemberReader streamOptions = request.object("stream_options");
        Delivery delivery = delivery(streamOptions);
        Sampling sampling = sampling();
        Reasoning reasoning = reasoning();
        OutputForm output = output();
        Account account = OpenAiRequests.account(request);
        readWhatIsUsual();
        Extras extras = new RemainingMembers(request, ESSENTIAL)
                .and("stream_options", streamOptions)
                .and("response_format", formatRest)
                .extras();
        return new ChatRequest(
                CompletionsClientFormat.INSTANCE,
                model,
                delivery,
                turns,
                tools,
                sampling,
                reasoning,
                output,
                account,
                CompletionsToolDecoder.isLegacy(request) ? LegacyFunctions.mark(extras) : extras);
    }

    private Delivery delivery(@Nullable MemberReader streamOptions) {
        Boolean usage = streamOptions == null ? null : streamOptions.bool("include_usage");
        if (!Boolean.TRUE.equals(request.bool("stream"))) {
            return Delivery.WHOLE;
        }
        return Boolean.TRUE.equals(usage) ? Delivery.STREAM_WITH_USAGE : Delivery.STREAM;
    }

    private Sampling sampling() {
        Long limit = request.integer("max_completion_tokens");
        Long olderLimit = request.integer("max_tokens");
        Long alternatives = request.integer("top_logprobs");
        boolean logprobs = Boolean.TRUE.equals(request.bool("logprobs"));
        return new Sampling(
                limit != null ? limit : olderLimit,
                request.number("temperature"),
                request.number("top_p"),
                request.integer("top_k"),
                stop(),
                logprobs ? (alternatives == null ? 0 : Math.toIntExact(Math.min(alternatives, 1_000))) : null);
    }

    private List<String> stop() {
        JsonNode stop = request.any("stop");
        if (stop != null && stop.isTextual()) {
            return List.of(stop.textValue());
        }
        return request.strings("stop");
    }

    private @Nullable Reasoning reasoning() {
        String effort = request.string("reasoning_effort");
        if (effort == null) {
            effort = soleText(request.node().get("reasoning"), "effort");
            if (effort != null) {
                request.any("reasoning");
            }
        }
        if (effort != null) {
            return effort.equals("none") ? off() : new Reasoning(Mode.EFFORT, effort, null, null);
        }
        return thinking();
    }

    private static Reasoning off() {
        return new Reasoning(Mode.OFF, "none", null, null);
    }

    /** Anthropic's form, which LiteLLM's clients send here too; with any member beyond it, it is another server's own. */
    private @Nullable Reasoning thinking() {
        JsonNode thinking = request.node().path("thinking");
        if ("disabled".equals(soleText(thinking, "type"))) {
            request.any("thinking");
            return off();
        }
        JsonNode budget = thinking.path("budget_tokens");
        if (thinking.size() == 2
                && "enabled".equals(thinking.path("type").textValue())
                && budget.isIntegralNumber()
                && budget.canConvertToLong()) {
            request.any("thinking");
            return new Reasoning(Mode.BUDGET, null, budget.longValue(), null);
        }
        return null;
    }

    /** The text of the only member of an object, or null. */
    private static @Nullable String soleText(@Nullable JsonNode object, String member) {
        return object instanceof ObjectNode && object.size() == 1
                ? object.path(member).textValue()
                : null;
    }

    private OutputForm output() {
        String verbosity = request.string("verbosity");
        JsonNode type = request.node().path("response_format").path("type");
        OutputForm.Kind kind = switch (type.asText("")) {
            case "text" -> OutputForm.Kind.TEXT;
            case "json_object" -> OutputForm.Kind.JSON_OBJECT;
            case "json_schema" -> OutputForm.Kind.JSON_SCHEMA;
            default -> null;
        };
        MemberReader format = kind == null ? null : request.object("response_format");
        if (format == null) {
            return new OutputForm(null, null, verbosity);
        }
        format.any("type");
        if (kind != OutputForm.Kind.JSON_SCHEMA) {
            formatRest = new RemainingMembers(format).extras();
            return new OutputForm(kind, null, verbosity);
        }
        MemberReader schema = format.object("json_schema");
        if (schema == null) {
            throw MemberReader.invalid(format.pathOf("json_schema"), "is required");
        }
        OutputForm.Schema form = schema(schema);
        formatRest = new RemainingMembers(format).and("json_schema", schema).extras();
        return new OutputForm(kind, form, verbosity);
    }

    private static OutputForm.Schema schema(MemberReader format) {
        JsonNode schema = format.any("schema");
        if (schema != null && !schema.isObject()) {
            throw MemberReader.invalid(format.pathOf("schema"), "must be an object");
        }
        return new OutputForm.Schema(
                format.string("name"),
                format.string("description"),
                schema == null ? Json.nodes().objectNode() : schema,
                format.bool("strict"));
    }

    /** Members that ask for what happens anyway: some clients send one answer, in text, as wishes of their own. */
    private void readWhatIsUsual() {
        JsonNode count = request.node().path("n");
        if (count.isNumber() && count.decimalValue().compareTo(BigDecimal.ONE) == 0) {
            request.any("n");
        }
        JsonNode modalities = request.node().path("modalities");
        if (modalities.size() == 1 && "text".equals(modalities.path(0).textValue())) {
            request.any("modalities");
        }
    }
}
