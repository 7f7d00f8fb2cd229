package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.AnswerContext;
import io.plano.translate.Json;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Reasoning;
import io.plano.translate.neutral.ToolNames;
import io.plano.translate.neutral.ToolUse;
import io.plano.translate.neutral.Turn;
import io.plano.translate.neutral.Usage;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The response object around the output: it repeats what was asked, as OpenAI's does, and has every member that the SDKs
 * require (wire-spec §3.1). One per answer.
 */
final class ResponsesEnvelope {
    private static final int MAX_NAME = 64;

    /** Leaves room for the prefix and the number of an item: OpenAI takes ids of 64 characters back. */
    private static final int MAX_ID = 46;

    private static final String PREFIX = "resp_";

    /** What Anthropic's ids begin with, as items of this API do: one of them is enough. */
    private static final String OF_MESSAGES = "msg_";

    private static final Set<String> TIERS = Set.of("auto", "default", "flex", "scale", "priority");

    private final AnswerContext context;
    private final String id;
    private final String itemId;
    private final ObjectNode base;

    ResponsesEnvelope(AnswerContext context, AnswerStart start) {
        this.context = context;
        String given = start.id().isEmpty() ? context.requestId() : start.id();
        String bare = given.startsWith(OF_MESSAGES) ? given.substring(OF_MESSAGES.length()) : given;
        id = bare.startsWith(PREFIX) ? bare : PREFIX + bare;
        itemId = ToolNames.legal(id.substring(PREFIX.length()), MAX_ID);
        base = base(start);
    }

    /** The id of an item: the same for the same answer. */
    String itemId(String prefix, int outputIndex) {
        return prefix + "_" + itemId + "_" + outputIndex;
    }

    private ObjectNode base(AnswerStart start) {
        ChatRequest request = context.request();
        ObjectNode response = Json.nodes().objectNode().put("id", id).put("object", "response");
        response.put("created_at", start.created() > 0 ? start.created() : context.now());
        response.put("status", "in_progress");
        response.put("background", false);
        response.putNull("error");
        response.putNull("incomplete_details");
        response.put("instructions", instructions(request.turns()));
        response.put("max_output_tokens", request.sampling().maxTokens());
        response.set("max_tool_calls", extra("max_tool_calls"));
        response.put("model", start.model().isEmpty() ? request.model() : start.model());
        response.putArray("output");
        Boolean parallel = request.tools().parallel();
        response.put("parallel_tool_calls", parallel == null || parallel);
        response.putNull("previous_response_id");
        response.put("prompt_cache_key", request.account().promptCacheKey());
        response.set("reasoning", reasoning(request.reasoning()));
        response.put("safety_identifier", request.account().safetyIdentifier());
        response.put("service_tier", serviceTier(start));
        response.put("store", false);
        if (request.sampling().temperature() == null) {
            response.put("temperature", 1.0);
        } else {
            response.put("temperature", request.sampling().temperature());
        }
        response.set("text", text(request));
        writeTools(response, request.tools());
        writeRest(response, request);
        return response;
    }

    private static @Nullable String instructions(List<Turn> turns) {
        boolean given = !turns.isEmpty()
                && turns.get(0).extras().of(WireFormat.RESPONSES).containsKey(ResponsesRequestDecoder.INSTRUCTIONS);
        return given && turns.get(0).parts().get(0) instanceof Part.Text text ? text.text() : null;
    }

    private @Nullable JsonNode extra(String name) {
        return context.request().extras().of(WireFormat.RESPONSES).get(name);
    }

    private static ObjectNode reasoning(@Nullable Reasoning reasoning) {
        return Json.nodes()
                .objectNode()
                .put("effort", reasoning == null ? null : reasoning.effort())
                .put("summary", reasoning == null ? null : reasoning.display());
    }

    /** The provider's word if it is one of OpenAI's; clients with closed lists fail on any other. */
    private static @Nullable String serviceTier(AnswerStart start) {
        String tier = start.serviceTier();
        return tier != null && TIERS.contains(tier) ? tier : null;
    }

    private static ObjectNode text(ChatRequest request) {
        ObjectNode text = ResponsesRequestEncoder.text(request.output(), ResponsesClientFormat.INSTANCE);
        if (!text.has("format")) {
            text.putObject("format").put("type", "text");
        }
        return text;
    }

    private void writeTools(ObjectNode response, ToolUse use) {
        ResponsesToolsEncoder tools = new ResponsesToolsEncoder(
                ResponsesClientFormat.INSTANCE, use.tools(), new ToolNames(MAX_NAME), new Losses());
        JsonNode choice = tools.choice(use);
        JsonNode foreign = extra("tool_choice");
        response.set(
                "tool_choice",
                choice != null
                        ? choice
                        : foreign != null ? foreign : Json.nodes().textNode("auto"));
        response.set("tools", tools.tools(use.tools()));
    }

    private void writeRest(ObjectNode response, ChatRequest request) {
        Integer alternatives = request.sampling().topLogprobs();
        response.put("top_logprobs", alternatives == null ? 0 : alternatives);
        if (request.sampling().topP() == null) {
            response.put("top_p", 1.0);
        } else {
            response.put("top_p", request.sampling().topP());
        }
        JsonNode truncation = extra("truncation");
        response.set("truncation", truncation == null ? Json.nodes().textNode("disabled") : truncation);
        response.putNull("usage");
        response.put("user", request.account().user());
        JsonNode metadata = request.account().metadata();
        response.set("metadata", metadata == null ? Json.nodes().objectNode() : metadata);
    }

    /** The response before it has any output. */
    ObjectNode begun() {
        return base;
    }

    /** The response at its end. */
    ObjectNode ended(String status, ArrayNode output, Usage usage) {
        ObjectNode response = base.deepCopy().put("status", status);
        response.set("output", output);
        response.set("usage", usage(usage));
        return response;
    }

    private static ObjectNode usage(Usage usage) {
        long input = Usage.orZero(usage.input());
        long output = Usage.orZero(usage.output());
        ObjectNode written = Json.nodes().objectNode().put("input_tokens", input);
        // OpenAI's libraries want both, even if there is no cache.
        written.putObject("input_tokens_details")
                .put("cached_tokens", Usage.orZero(usage.cacheRead()))
                .put("cache_write_tokens", Usage.orZero(usage.cacheWrite()));
        written.put("output_tokens", output);
        written.putObject("output_tokens_details").put("reasoning_tokens", Usage.orZero(usage.reasoning()));
        return written.put("total_tokens", input + output);
    }
}
