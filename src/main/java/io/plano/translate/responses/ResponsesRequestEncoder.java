package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.plano.provider.WireFormat;
import io.plano.translate.EncodedRequest;
import io.plano.translate.Json;
import io.plano.translate.UpstreamModel;
import io.plano.translate.neutral.Account;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ClientFormat;
import io.plano.translate.neutral.ClientFormat.Trait;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Reasoning;
import io.plano.translate.neutral.Sampling;
import io.plano.translate.neutral.ToolNames;
import io.plano.translate.neutral.Turn;
import io.plano.translate.openai.ModelRules;
import io.plano.translate.openai.OpenAiStrictSchema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a request to {@code /v1/responses}. One per request.
 *
 * <h2>System texts</h2>
 *
 * What was {@code instructions} is so again. From other formats the first turn becomes {@code instructions} if it is a
 * system text in one piece, or in pieces that are paragraphs. Every other system or developer text keeps its place
 * as a message item.
 *
 * <h2>What a client of another API did not ask for</h2>
 *
 * OpenAI keeps answers for 30 days unless told not to, so {@code store} is false. Reasoning is asked for in its encrypted form
 * as well, so that the client can hand it back.
 */
final class ResponsesRequestEncoder {
    private static final int MAX_NAME = 64;

    /** OpenAI refuses smaller limits; agents probe a model with one of 1. */
    private static final long MIN_OUTPUT_TOKENS = 16;

    private static final int MAX_USER = 64;
    private static final Set<String> WRITTEN_APART = Set.of("include");

    private final ChatRequest request;
    private final ClientFormat client;
    private final boolean own;
    private final Losses losses = new Losses();
    private final ToolNames toolNames = new ToolNames(MAX_NAME);
    private final ResponsesToolsEncoder tools;
    private final ModelRules rules;
    private final ObjectNode body = Json.nodes().objectNode();

    private ResponsesRequestEncoder(ChatRequest request, UpstreamModel upstream) {
        this.request = request;
        rules = new ModelRules(request, upstream.facts(), losses);
        client = request.client();
        own = client.is(WireFormat.RESPONSES);
        tools = new ResponsesToolsEncoder(client, request.tools().tools(), toolNames, losses);
    }

    static EncodedRequest encode(ChatRequest request, UpstreamModel upstream) {
        ResponsesRequestEncoder encoder = new ResponsesRequestEncoder(request, upstream);
        encoder.body.put("model", upstream.model());
        encoder.write();
        // This API has no stop sequences: the gateway ends the answer where one comes.
        return new EncodedRequest(Json.bytes(encoder.body), encoder.losses.dropped(), encoder.toolNames.renamed())
                .endingAt(request.sampling().stop());
    }

    private void write() {
        writeTurns();
        if (request.delivery().isStream()) {
            body.put("stream", true);
        }
        writeSampling();
        writeTools();
        writeReasoning();
        ObjectNode text = text(request.output(), client);
        if (!text.isEmpty()) {
            body.set("text", text);
        }
        writeInclude();
        writeAccount();
        if (own) {
            ResponsesExtras.write(request.extras(), body, WRITTEN_APART);
        } else {
            losses.leaveOut(request.extras(), "");
        }
    }

    private void writeTurns() {
        List<Turn> turns = request.turns();
        String instructions = turns.isEmpty() ? null : instructions(turns.get(0), turns.size());
        if (instructions != null) {
            body.put("instructions", instructions);
            turns = turns.subList(1, turns.size());
        }
        ArrayNode items = new ResponsesItemsEncoder(client, tools, losses).items(turns);
        boolean continues = ResponsesRequestDecoder.CONTEXT.stream()
                .anyMatch(request.extras().of(WireFormat.RESPONSES)::containsKey);
        if (!items.isEmpty() || !continues) {
            body.set("input", items);
        }
    }

    private @Nullable String instructions(Turn first, int turns) {
        if (own) {
            boolean marked = first.extras().get(ResponsesRequestDecoder.INSTRUCTIONS) != null;
            return marked ? ((Part.Text) first.parts().get(0)).text() : null;
        }
        boolean plain = first.parts().stream().allMatch(Part.Text.class::isInstance)
                && !first.parts().isEmpty()
                && (first.parts().size() == 1 || client.has(Trait.SYSTEM_IN_PARAGRAPHS));
        // With json_object OpenAI looks for the word "json" in the input alone.
        boolean staysInput = request.output().kind() == OutputForm.Kind.JSON_OBJECT;
        if (first.role() != Turn.Role.SYSTEM || !plain || turns == 1 || staysInput) {
            return null;
        }
        losses.leaveOut(first.extras(), client.prefix(MemberName.TURN));
        first.parts().forEach(part -> losses.leaveOut(part.extras(), client.prefix(MemberName.SYSTEM)));
        return first.parts().stream()
                .map(part -> ((Part.Text) part).text())
                .collect(Collectors.joining(ResponsesItemsDecoder.PARAGRAPH));
    }

    private void writeSampling() {
        Sampling sampling = request.sampling();
        Long limit = own ? sampling.maxTokens() : rules.outputLimit();
        if (limit != null) {
            boolean tooLow = !own && limit < MIN_OUTPUT_TOKENS;
            if (tooLow) {
                losses.drop(client.name(MemberName.OUTPUT_LIMIT));
            }
            body.put("max_output_tokens", tooLow ? MIN_OUTPUT_TOKENS : limit);
        }
        put("temperature", own ? sampling.temperature() : rules.temperature());
        put("top_p", own ? sampling.topP() : rules.topP());
        if (sampling.topK() != null) {
            losses.drop(client.name(MemberName.TOP_K));
        }
        if (sampling.topLogprobs() != null && sampling.topLogprobs() > 0) {
            body.put("top_logprobs", sampling.topLogprobs());
        }
    }

    /** OpenAI refuses an empty list of tools, and a choice among none. */
    private void writeTools() {
        ArrayNode written = tools.tools(request.tools().tools());
        if (!written.isEmpty()) {
            body.set("tools", written);
        }
        JsonNode choice = tools.choice(request.tools());
        if (choice != null && (own || !written.isEmpty())) {
            body.set("tool_choice", choice);
        }
        Boolean parallel = own ? request.tools().parallel() : rules.parallel();
        if (parallel != null && (own || !written.isEmpty())) {
            body.put("parallel_tool_calls", parallel);
        }
    }

    private void writeReasoning() {
        Reasoning reasoning = request.reasoning();
        if (reasoning == null) {
            return;
        }
        if (client.has(Trait.THOUGHT_ONLY_IF_ASKED) && reasoning.mode() == Reasoning.Mode.OFF) {
            // Nothing was asked for; models of OpenAI that know no effort at all refuse to be asked for none.
            losses.drop(client.name(MemberName.REASONING));
            return;
        }
        if (!own && !rules.takesReasoning()) {
            return;
        }
        ObjectNode written = body.putObject("reasoning");
        if (reasoning.mode() != Reasoning.Mode.EFFORT || reasoning.effort() != null) {
            written.put("effort", own ? reasoning.effortWord() : rules.effort(reasoning.effortWord()));
        }
        String summary = summary(reasoning.display());
        if (summary != null) {
            written.put("summary", summary);
        }
    }

    /** OpenAI shows summaries to verified organisations only and refuses all others, so only who asks gets one. */
    private @Nullable String summary(@Nullable String display) {
        if (own || display == null) {
            return display;
        }
        return switch (display) {
            case "auto", "concise", "detailed" -> display;
            case "summarized", "updates" -> "auto";
            case "omitted" -> null;
            default -> {
                losses.drop(client.name(MemberName.REASONING_DISPLAY));
                yield null;
            }
        };
    }

    /** The {@code text} object; empty if the client does not say. */
    static ObjectNode text(OutputForm output, ClientFormat client) {
        ObjectNode text = Json.nodes().objectNode();
        if (output.kind() != null) {
            switch (output.kind()) {
                case TEXT -> text.putObject("format").put("type", "text");
                case JSON_OBJECT -> text.putObject("format").put("type", "json_object");
                case JSON_SCHEMA -> writeSchema(text.putObject("format"), output.schema(), client);
            }
        }
        if (output.verbosity() != null) {
            text.put("verbosity", output.verbosity());
        }
        return text;
    }

    /** OpenAI keeps to a schema only if it is one that it takes as strict. */
    private static void writeSchema(ObjectNode format, OutputForm.@Nullable Schema schema, ClientFormat client) {
        format.put("type", "json_schema");
        if (schema == null) {
            return;
        }
        format.put("name", schema.name() == null ? "response" : schema.name());
        if (schema.description() != null) {
            format.put("description", schema.description());
        }
        format.set("schema", schema.schema());
        if (schema.strict() != null) {
            format.put("strict", schema.strict());
        } else if (client.has(Trait.SCHEMA_ALWAYS_STRICT) && OpenAiStrictSchema.holdsFor(schema.schema())) {
            format.put("strict", true);
        }
    }

    private void writeInclude() {
        ArrayNode include = Json.nodes().arrayNode();
        if (own && request.extras().get("include") instanceof ArrayNode wishes) {
            include.addAll(wishes);
        } else if (!own
                && body.has("reasoning")
                && !"none".equals(body.path("reasoning").path("effort").textValue())) {
            include.add(ResponsesRequestDecoder.ENCRYPTED_REASONING);
        }
        if (request.sampling().topLogprobs() != null) {
            include.add(ResponsesRequestDecoder.LOGPROBS);
        }
        if (!include.isEmpty()) {
            body.set("include", include);
        }
    }

    private void writeAccount() {
        Account account = request.account();
        if (own) {
            if (account.store() != null) {
                body.put("store", account.store());
            }
        } else {
            body.put("store", false);
            if (Boolean.TRUE.equals(account.store())) {
                losses.drop(client.name(MemberName.STORE));
            }
        }
        if (account.metadata() != null) {
            body.set("metadata", account.metadata());
        }
        put("user", user(account.user()));
        put("safety_identifier", account.safetyIdentifier());
        put("service_tier", serviceTier(account.serviceTier()));
        put("prompt_cache_key", account.promptCacheKey());
    }

    private void put(String name, @Nullable BigDecimal value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private void put(String name, @Nullable String value) {
        if (value != null) {
            body.set(name, TextNode.valueOf(value));
        }
    }

    /** OpenAI takes 64 characters; the ids of Claude Code are longer. */
    private @Nullable String user(@Nullable String user) {
        if (own || user == null || user.length() <= MAX_USER) {
            return user;
        }
        return ToolNames.legal(user, MAX_USER);
    }

    private @Nullable String serviceTier(@Nullable String asked) {
        String tier = asked == null ? "" : client.serviceTier(asked);
        if (tier == null) {
            losses.drop(client.name(MemberName.SERVICE_TIER));
        }
        return tier == null || tier.isEmpty() ? null : tier;
    }
}
