package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import io.plano.translate.Json;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.Account;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatRequest.Delivery;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Reasoning;
import io.plano.translate.neutral.Sampling;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.ToolUse;
import io.plano.translate.neutral.Turn;
import io.plano.translate.openai.OpenAiRequests;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request to {@code /v1/responses}. {@code instructions} become the first turn, which remembers where it came from.
 * One per request. Source: OpenAI API reference, "Create a model response".
 */
final class ResponsesRequestDecoder {
    /** Among the extras of a turn: it was {@code instructions}, not an item. */
    static final String INSTRUCTIONS = "instructions";

    /** In {@code include}: what every answer of the gateway has, asked or not. */
    static final String ENCRYPTED_REASONING = "reasoning.encrypted_content";

    /** In {@code include}: log probabilities. */
    static final String LOGPROBS = "message.output_text.logprobs";

    /** What the conversation hangs on: without it the model would be asked something else. */
    static final Set<String> CONTEXT = Set.of("previous_response_id", "conversation", "prompt");

    private final MemberReader request;
    private final ResponsesExtras extras = new ResponsesExtras();
    private final ResponsesToolsDecoder tools = new ResponsesToolsDecoder();

    private ResponsesRequestDecoder(MemberReader request) {
        this.request = request;
    }

    static ChatRequest decode(byte[] body) {
        return new ResponsesRequestDecoder(MemberReader.ofDocument(body)).decode();
    }

    private ChatRequest decode() {
        String model = request.string("model");
        Delivery delivery = Boolean.TRUE.equals(request.bool("stream")) ? Delivery.STREAM_WITH_USAGE : Delivery.WHOLE;
        JsonNode input = request.any("input");
        tools.add(request.objects("tools"));
        List<Turn> turns = turns(input);
        ToolUse use = new ToolUse(tools.tools(), choice(), request.bool("parallel_tool_calls"));
        Sampling sampling = sampling();
        Reasoning reasoning = reasoning();
        OutputForm output = output();
        Account account = OpenAiRequests.account(request);
        readDefaults();
        extras.restOf(request, Set.of("previous_response_id", "conversation", "prompt", "background", "moderation"));
        return new ChatRequest(
                ResponsesClientFormat.INSTANCE,
                model,
                delivery,
                turns,
                use,
                sampling,
                reasoning,
                output,
                account,
                extras.build());
    }

    /** What a client may say aloud without asking for anything. */
    private void readDefaults() {
        if (request.node().path("background").isBoolean()
                && !request.node().path("background").booleanValue()) {
            request.any("background");
        }
        if ("disabled".equals(request.node().path("truncation").textValue())) {
            request.any("truncation");
        }
    }

    private List<Turn> turns(@Nullable JsonNode input) {
        ResponsesItemsDecoder items = new ResponsesItemsDecoder(tools);
        String instructions = request.string("instructions");
        if (instructions != null) {
            items.add(new Turn(
                    Turn.Role.SYSTEM,
                    List.of(new Part.Text(instructions)),
                    new ResponsesExtras()
                            .putSilent(INSTRUCTIONS, BooleanNode.TRUE)
                            .build()));
        }
        boolean continues = CONTEXT.stream().anyMatch(request::has);
        if (input == null) {
            if (!continues) {
                throw MemberReader.invalid("input", "is required");
            }
        } else if (input.isTextual()) {
            items.add(new Turn(Turn.Role.USER, List.of(new Part.Text(input.textValue()))));
        } else if (input.isArray()) {
            List<MemberReader> all = request.objects("input");
            all.stream()
                    .filter(item ->
                            "additional_tools".equals(item.node().path("type").textValue()))
                    .forEach(item -> tools.add(item.objects("tools")));
            items.addAll(all);
        } else {
            throw MemberReader.invalid("input", "must be a string or an array");
        }
        if (!continues) {
            items.checkResults();
        }
        return items.turns();
    }

    private @Nullable ToolChoice choice() {
        JsonNode choice = request.any("tool_choice");
        ToolChoice known = tools.choice(request);
        if (choice != null && tools.choiceIsForeign()) {
            extras.putEssential("tool_choice", choice);
        }
        return known;
    }

    private Sampling sampling() {
        ArrayNode others = Json.nodes().arrayNode();
        boolean logprobs = false;
        boolean silent = true;
        for (String wish : request.strings("include")) {
            if (wish.equals(LOGPROBS)) {
                logprobs = true;
            } else {
                others.add(wish);
                silent &= wish.equals(ENCRYPTED_REASONING);
            }
        }
        if (!others.isEmpty() && silent) {
            extras.putSilent("include", others);
        } else if (!others.isEmpty()) {
            extras.put("include", others);
        }
        Long alternatives = logprobs ? request.integer("top_logprobs") : null;
        if (alternatives != null && (alternatives < 0 || alternatives > 20)) {
            throw MemberReader.invalid("top_logprobs", "must be from 0 to 20");
        }
        return new Sampling(
                request.integer("max_output_tokens"),
                request.number("temperature"),
                request.number("top_p"),
                null,
                List.of(),
                logprobs ? (alternatives == null ? 0 : alternatives.intValue()) : null);
    }

    private @Nullable Reasoning reasoning() {
        MemberReader reasoning = request.object("reasoning");
        if (reasoning == null) {
            return null;
        }
        String effort = reasoning.string("effort");
        String summary = reasoning.string("summary");
        extras.restOf("reasoning", reasoning);
        if (effort == null && summary == null) {
            return null;
        }
        Reasoning.Mode mode = "none".equals(effort) ? Reasoning.Mode.OFF : Reasoning.Mode.EFFORT;
        return new Reasoning(mode, effort, null, summary);
    }

    private OutputForm output() {
        MemberReader text = request.object("text");
        if (text == null) {
            return OutputForm.UNSAID;
        }
        String verbosity = text.string("verbosity");
        MemberReader format = text.object("format");
        extras.restOf("text", text);
        if (format == null) {
            return new OutputForm(null, null, verbosity);
        }
        String type = format.requiredString("type");
        OutputForm form = switch (type) {
            case "text" -> new OutputForm(OutputForm.Kind.TEXT, null, verbosity);
            case "json_object" -> new OutputForm(OutputForm.Kind.JSON_OBJECT, null, verbosity);
            case "json_schema" -> new OutputForm(OutputForm.Kind.JSON_SCHEMA, schema(format), verbosity);
            default ->
                throw MemberReader.invalid(format.pathOf("type"), "must be one of text, json_object, json_schema");
        };
        extras.restOf("text.format", format);
        return form;
    }

    private static OutputForm.Schema schema(MemberReader format) {
        JsonNode schema = format.any("schema");
        if (schema == null || !schema.isObject()) {
            throw MemberReader.invalid(format.pathOf("schema"), "must be an object");
        }
        return new OutputForm.Schema(
                format.requiredString("name"), format.string("description"), schema, format.bool("strict"));
    }
}
