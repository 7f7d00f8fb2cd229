package io.plano.translate.completions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.CompletionsQuirks.Extension;
import io.plano.translate.EncodedRequest;
import io.plano.translate.Json;
import io.plano.translate.UpstreamModel;
import io.plano.translate.neutral.Account;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatRequest.Delivery;
import io.plano.translate.neutral.ClientFormat.Trait;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Reasoning;
import io.plano.translate.neutral.Sampling;
import io.plano.translate.neutral.ToolNames;
import io.plano.translate.openai.ModelRules;
import io.plano.translate.openai.OpenAiStrictSchema;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a Chat Completions request. One per request; one thread. */
final class CompletionsRequestEncoder {
    private static final int MAX_STOPS = 4;
    private static final int MAX_USER = 64;

    private final CompletionsRequestContext context;
    private final ModelRules rules;
    private final ObjectNode node = Json.nodes().objectNode();

    private CompletionsRequestEncoder(CompletionsRequestContext context) {
        this.context = context;
        this.rules = new ModelRules(context.request, context.facts(), context.losses);
    }

    static EncodedRequest encode(ChatRequest request, UpstreamModel upstream) {
        CompletionsRequestContext context = new CompletionsRequestContext(request, upstream);
        CompletionsRequestEncoder encoder = new CompletionsRequestEncoder(context);
        byte[] body = encoder.write(upstream.model());
        List<String> stops = request.sampling().stop();
        return new EncodedRequest(
                        body,
                        context.losses.dropped(),
                        context.toolNames.renamed(),
                        context.customTools,
                        StructuredFunction.of(context) == null ? null : StructuredFunction.NAME)
                .endingAt(stops.subList(encoder.given(stops).size(), stops.size()));
    }

    private byte[] write(String model) {
        ChatRequest request = context.request;
        node.put("model", model);
        node.set("messages", new CompletionsMessageEncoder(context).encode());
        new CompletionsToolEncoder(context).encode(request.tools(), node);
        output(request.output());
        sampling(request.sampling());
        reasoning(request.reasoning());
        delivery(request.delivery());
        account(request.account());
        context.extras(request.extras(), node);
        return Json.bytes(node);
    }

    private void sampling(Sampling sampling) {
        boolean own = context.isOwn();
        Long limit = own ? sampling.maxTokens() : rules.outputLimit();
        if (limit != null) {
            node.put(context.outputLimit(), limit);
        }
        put("temperature", own ? sampling.temperature() : rules.temperature());
        put("top_p", own ? sampling.topP() : rules.topP());
        if (sampling.topK() != null) {
            if (context.accepts(Extension.TOP_K)) {
                node.put("top_k", sampling.topK());
            } else {
                context.losses.drop(context.name(MemberName.TOP_K));
            }
        }
        if (!given(sampling.stop()).isEmpty()) {
            ArrayNode stops = node.putArray("stop");
            given(sampling.stop()).forEach(stops::add);
        }
        Integer alternatives = sampling.topLogprobs();
        if (alternatives != null) {
            node.put("logprobs", true);
            if (alternatives > 0) {
                node.put("top_logprobs", alternatives);
            }
        }
    }

    /** OpenAI takes four, and of models that think none; the gateway ends the answer at the others. */
    private List<String> given(List<String> stops) {
        if (context.isOwn()) {
            return stops;
        }
        return rules.takesStops() ? stops.subList(0, Math.min(stops.size(), MAX_STOPS)) : List.of();
    }

    private void put(String name, @Nullable BigDecimal number) {
        if (number != null) {
            node.put(name, number);
        }
    }

    private void reasoning(@Nullable Reasoning reasoning) {
        if (reasoning == null) {
            return;
        }
        if (reasoning.display() != null) {
            context.losses.drop(context.name(MemberName.REASONING_DISPLAY));
        }
        if (context.isOwn()) {
            ownReasoning(reasoning);
        } else if (rules.takesReasoning() && asks(reasoning)) {
            node.put("reasoning_effort", rules.effort(reasoning.effortWord()));
        }
    }

    /** Who asks for nothing is not asked about it: "none" is a word that most models here refuse. */
    private boolean asks(Reasoning reasoning) {
        return reasoning.mode() != Reasoning.Mode.OFF || !context.client().has(Trait.THOUGHT_ONLY_IF_ASKED);
    }

    private void ownReasoning(Reasoning reasoning) {
        if (reasoning.mode() == Reasoning.Mode.BUDGET && reasoning.budgetTokens() != null) {
            node.putObject("thinking").put("type", "enabled").put("budget_tokens", reasoning.budgetTokens());
        } else {
            node.put("reasoning_effort", reasoning.effortWord());
        }
    }

    private void output(OutputForm output) {
        OutputForm.Schema byCall = StructuredFunction.of(context);
        if (byCall != null) {
            StructuredFunction.writeTo(node, byCall);
        } else if (output.kind() != null) {
            ObjectNode format = node.putObject("response_format");
            switch (output.kind()) {
                case TEXT -> format.put("type", "text");
                case JSON_OBJECT -> format.put("type", "json_object");
                case JSON_SCHEMA -> {
                    format.put("type", "json_schema");
                    schema(output.schema(), format.putObject("json_schema"));
                }
            }
        }
        hint("verbosity", output.verbosity(), MemberName.VERBOSITY);
    }

    private void schema(OutputForm.@Nullable Schema schema, ObjectNode format) {
        if (schema == null) {
            return;
        }
        if (schema.name() != null) {
            format.put("name", context.isOwn() ? schema.name() : ToolNames.legal(schema.name(), MAX_USER));
        } else if (!context.isOwn()) {
            format.put("name", "response");
        }
        if (schema.description() != null) {
            format.put("description", schema.description());
        }
        format.set("schema", schema.schema());
        Boolean strict = schema.strict();
        if (!context.isOwn() && (strict != null || context.client().has(Trait.SCHEMA_ALWAYS_STRICT))) {
            strict = !Boolean.FALSE.equals(strict) && OpenAiStrictSchema.holdsFor(schema.schema());
        }
        if (strict != null) {
            format.put("strict", strict);
        }
    }

    private void delivery(Delivery delivery) {
        if (delivery.isStream()) {
            node.put("stream", true);
            if (delivery == Delivery.STREAM_WITH_USAGE || !context.isOwn()) {
                node.putObject("stream_options").put("include_usage", true);
            }
        }
    }

    private void account(Account account) {
        boolean own = context.isOwn();
        if (account.user() != null) {
            boolean ofAnyForm = context.client().has(Trait.USER_ID_OF_ANY_FORM);
            node.put("user", ofAnyForm ? ToolNames.legal(account.user(), MAX_USER) : account.user());
        }
        hint("safety_identifier", account.safetyIdentifier(), MemberName.SAFETY_IDENTIFIER);
        hint("prompt_cache_key", account.promptCacheKey(), MemberName.PROMPT_CACHE_KEY);
        if (own && account.metadata() != null) {
            node.set("metadata", account.metadata());
        } else if (account.metadata() != null) {
            // OpenAI takes it only with what it is to store, and a stored completion is not what the client would look
            // for.
            context.losses.drop(context.name(MemberName.METADATA));
        }
        if (own && account.store() != null) {
            node.put("store", account.store());
        } else if (Boolean.TRUE.equals(account.store())) {
            context.losses.drop(context.name(MemberName.STORE));
        }
        serviceTier(account.serviceTier());
    }

    private void serviceTier(@Nullable String asked) {
        String tier = asked == null ? "" : context.client().serviceTier(asked);
        if (tier != null && (context.isOwn() ? asked != null : CompletionsEnvelope.TIERS.contains(tier))) {
            hint("service_tier", tier, MemberName.SERVICE_TIER);
        } else if (tier == null || !tier.isEmpty()) {
            context.losses.drop(context.name(MemberName.SERVICE_TIER));
        }
    }

    /** A member that is nice to have, and that servers which follow OpenAI from afar may refuse. */
    private void hint(String name, @Nullable String value, MemberName member) {
        if (value == null) {
            return;
        }
        if (context.isOwn() || !context.isOlderServer()) {
            node.put(name, value);
        } else {
            context.losses.drop(context.name(member));
        }
    }
}
