package io.plano.translate.messages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.WireFormat;
import io.plano.translate.Json;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ClientFormat.Trait;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Reasoning;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.Turn;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the model is to think, and the limit that its thoughts count against. There is no official table between efforts and
 * budgets; the one here follows what Gemini documents for its OpenAI endpoint, with room between the steps. A client's limit
 * is never raised: if it leaves no room for the least budget, the model does not think. Nor does it if a client of
 * another API could not keep the signed thought that a turn in the middle of its tool calls has to begin with.
 *
 * @param maxTokens the limit of the answer, thoughts included
 * @param thinking the member of that name; null for none
 * @param effort {@code output_config.effort}; null for none
 */
record ThinkingPlan(
        long maxTokens,
        @Nullable ObjectNode thinking,
        @Nullable String effort) {
    private static final long LEAST_BUDGET = 1_024;

    /** Left for the answer if the gateway sets the limit itself. */
    private static final long ROOM_FOR_ANSWER = 4_096;

    private static final Set<String> EFFORTS = Set.of("low", "medium", "high", "xhigh", "max");

    static ThinkingPlan of(ChatRequest request, ClaudeModel claude, Losses losses) {
        Long limit = request.sampling().maxTokens();
        long maxTokens = limit == null ? claude.maxOutput() : limit;
        Reasoning reasoning = request.reasoning();
        boolean own = request.client().is(WireFormat.MESSAGES);
        if (!own && maxTokens > claude.maxOutput() && claude.isKnown()) {
            losses.drop(request.client().name(MemberName.OUTPUT_LIMIT));
            maxTokens = claude.maxOutput();
        }
        if (own) {
            return new ThinkingPlan(maxTokens, verbatim(reasoning), reasoning == null ? null : reasoning.effort());
        }
        boolean forced = isForced(request) || StructuredAnswer.isNeeded(request, claude);
        if (reasoning == null || reasoning.mode() == Reasoning.Mode.OFF) {
            return silent(request, claude, maxTokens, forced, losses);
        } else if (forced && claude.thinking() != ClaudeModel.Thinking.ADAPTIVE_ALWAYS) {
            // To think rules out a forced call, and who forces one wants it more: without it there is no answer of use.
            losses.drop(request.client().name(MemberName.REASONING));
            return silent(request, claude, maxTokens, true, losses);
        } else if (claude.thinking().isAdaptive()) {
            return new ThinkingPlan(
                    maxTokens, adaptive(request, reasoning, claude), effort(reasoning.effortWord(), claude));
        }
        long budget = limit == null
                ? Math.min(budget(reasoning), maxTokens - ROOM_FOR_ANSWER)
                : Math.min(budget(reasoning), maxTokens - 1);
        if (claude.thinking() == ClaudeModel.Thinking.NONE
                || budget < LEAST_BUDGET
                || isInLoopWithoutThought(request.turns())) {
            losses.drop(request.client().name(MemberName.REASONING));
            return new ThinkingPlan(maxTokens, null, null);
        }
        return new ThinkingPlan(maxTokens, enabled(budget, reasoning), null);
    }

    /** Whether the model is asked to think, which rules out sampling of one's own. */
    boolean isOn() {
        return thinking != null && !"disabled".equals(thinking.path("type").textValue());
    }

    private static boolean isForced(ChatRequest request) {
        ToolChoice choice = request.tools().choice();
        return choice != null
                && choice.mode() == ToolChoice.Mode.REQUIRED
                && !request.tools().tools().isEmpty();
    }

    /** The client does not want thoughts, or does not say: then a model that thinks by default may. */
    private static ThinkingPlan silent(
            ChatRequest request, ClaudeModel claude, long maxTokens, boolean forced, Losses losses) {
        boolean unwanted = request.reasoning() != null;
        boolean always = claude.thinking() == ClaudeModel.Thinking.ADAPTIVE_ALWAYS;
        if (always && forced) {
            throw alwaysThinks(request);
        } else if (always && unwanted) {
            losses.drop(request.client().name(MemberName.REASONING));
        }
        boolean disabled = claude.thinking() == ClaudeModel.Thinking.ADAPTIVE_BY_DEFAULT && (unwanted || forced);
        return new ThinkingPlan(maxTokens, disabled ? typed("disabled") : null, null);
    }

    /** What the client would have to change: nothing but the model helps. */
    private static GatewayException alwaysThinks(ChatRequest request) {
        String member = request.client().name(isForced(request) ? MemberName.TOOL_CHOICE : MemberName.OUTPUT_FORM);
        return GatewayException.coded(
                FailureKind.UNSUPPORTED_FEATURE,
                "unsupported_parameter",
                "'" + member
                        + "' needs a call that the model is made to make, and this model cannot be made to: it always"
                        + " thinks before it answers.");
    }

    private static ObjectNode typed(String type) {
        return Json.nodes().objectNode().put("type", type);
    }

    private static @Nullable ObjectNode verbatim(@Nullable Reasoning reasoning) {
        if (reasoning == null || reasoning.mode() == Reasoning.Mode.EFFORT) {
            return null;
        }
        ObjectNode thinking = typed(
                switch (reasoning.mode()) {
                    case BUDGET -> "enabled";
                    case ADAPTIVE -> "adaptive";
                    default -> "disabled";
                });
        if (reasoning.budgetTokens() != null) {
            thinking.put("budget_tokens", reasoning.budgetTokens());
        }
        if (reasoning.display() != null) {
            thinking.put("display", reasoning.display());
        }
        return thinking;
    }

    private static ObjectNode enabled(long budget, Reasoning reasoning) {
        ObjectNode thinking = typed("enabled").put("budget_tokens", budget);
        return withDisplay(thinking, reasoning);
    }

    private static ObjectNode adaptive(ChatRequest request, Reasoning reasoning, ClaudeModel claude) {
        ObjectNode thinking = withDisplay(typed("adaptive"), reasoning);
        boolean unasked = request.client().has(Trait.THOUGHTS_SHOWN_UNASKED) && claude.hidesThoughts();
        return unasked ? thinking.put("display", "summarized") : thinking;
    }

    /** Newer models keep their thoughts to themselves unless asked; a client that asks for summaries wants to see them. */
    private static ObjectNode withDisplay(ObjectNode thinking, Reasoning reasoning) {
        return reasoning.display() == null ? thinking : thinking.put("display", "summarized");
    }

    private static long budget(Reasoning reasoning) {
        if (reasoning.budgetTokens() != null) {
            return reasoning.budgetTokens();
        }
        return switch (reasoning.effortWord()) {
            case "minimal" -> LEAST_BUDGET;
            case "low" -> 2_048;
            case "high" -> 16_384;
            case "xhigh", "max" -> 32_768;
            default -> 8_192;
        };
    }

    private static String effort(String word, ClaudeModel claude) {
        if (word.equals("minimal")) {
            return "low";
        } else if (word.equals("xhigh") && claude.topEffort() == ClaudeModel.TopEffort.HIGH) {
            return "high";
        }
        return EFFORTS.contains(word) ? word : "medium";
    }

    /** Whether the model is about to read results of calls that it made without a signed thought of this format. */
    private static boolean isInLoopWithoutThought(List<Turn> turns) {
        int i = turns.size() - 1;
        boolean results = false;
        while (i >= 0 && turns.get(i).role() != Turn.Role.ASSISTANT) {
            results |= turns.get(i).parts().stream().anyMatch(Part.ToolResult.class::isInstance);
            i--;
        }
        while (i >= 0 && turns.get(i).role() == Turn.Role.ASSISTANT) {
            if (turns.get(i).parts().stream().anyMatch(ThinkingPlan::isOwnThought)) {
                return false;
            }
            i--;
        }
        return results;
    }

    /** Whether a provider of this format made the thought, and so takes it back. */
    static boolean isOwnThought(Part part) {
        Signature signature = null;
        if (part instanceof Part.Thought thought) {
            signature = thought.signature();
        } else if (part instanceof Part.RedactedThought redacted) {
            signature = redacted.data();
        }
        return signature != null && signature.origin() == WireFormat.MESSAGES;
    }
}
