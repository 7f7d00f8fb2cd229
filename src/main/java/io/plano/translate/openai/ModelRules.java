package io.plano.translate.openai;

import io.plano.provider.ModelFacts;
import io.plano.provider.ModelFacts.Ability;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.Reasoning;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the model decides of a request to one of OpenAI's APIs, for clients of other APIs; what is not known of a model is left as
 * it was asked. Whatever changes is named. One per request; one thread.
 */
public final class ModelRules {
    private static final List<String> EFFORTS = List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

    private final ChatRequest request;
    private final ModelFacts facts;
    private final Losses losses;

    public ModelRules(ChatRequest request, ModelFacts facts, Losses losses) {
        this.request = request;
        this.facts = facts;
        this.losses = losses;
    }

    private void drop(MemberName member) {
        losses.drop(request.client().name(member));
    }

    /** The limit of the answer, lowered to what the model gives; null if there is none. */
    public @Nullable Long outputLimit() {
        Long asked = request.sampling().maxTokens();
        if (asked == null || facts.maxOutput() == 0 || asked <= facts.maxOutput()) {
            return asked;
        }
        drop(MemberName.OUTPUT_LIMIT);
        return facts.maxOutput();
    }

    /** Whether the model takes a wish about how much it thinks; accounts for one that it does not. */
    public boolean takesReasoning() {
        if (facts.cannot(Ability.REASONING)) {
            if (request.reasoning() != null && request.reasoning().mode() != Reasoning.Mode.OFF) {
                drop(MemberName.REASONING);
            }
            return false;
        }
        return true;
    }

    /** The effort that is nearest to the one asked for: the next higher one, or else the next lower one. */
    public String effort(String asked) {
        int place = EFFORTS.indexOf(asked);
        if (place < 0 || takes(asked)) {
            return asked;
        }
        String nearest = asked;
        for (int i = place - 1; i > 0; i--) {
            nearest = nearest.equals(asked) && takes(EFFORTS.get(i)) ? EFFORTS.get(i) : nearest;
        }
        for (int i = EFFORTS.size() - 1; i > place && place < EFFORTS.indexOf("high"); i--) {
            nearest = takes(EFFORTS.get(i)) ? EFFORTS.get(i) : nearest;
        }
        drop(MemberName.REASONING);
        return nearest;
    }

    private boolean takes(String effort) {
        Ability ability = Ability.of("effort_" + effort);
        return ability == null || !facts.cannot(ability);
    }

    /** The temperature, or null if there is none or the model takes none. */
    public @Nullable BigDecimal temperature() {
        return sampling(request.sampling().temperature(), MemberName.TEMPERATURE);
    }

    /** Nucleus sampling, or null if there is none or the model takes none. */
    public @Nullable BigDecimal topP() {
        return sampling(request.sampling().topP(), MemberName.TOP_P);
    }

    private @Nullable BigDecimal sampling(@Nullable BigDecimal asked, MemberName member) {
        Reasoning reasoning = request.reasoning();
        boolean thinks = reasoning != null && reasoning.mode() != Reasoning.Mode.OFF;
        boolean refused = facts.cannot(Ability.SAMPLING) || (thinks && facts.cannot(Ability.SAMPLING_WITH_REASONING));
        if (asked == null || !refused) {
            return asked;
        }
        if (asked.compareTo(BigDecimal.ONE) != 0) {
            drop(member);
        }
        return null;
    }

    /** Whether several calls may be made at once, or null if that is not asked, or not for this model to say. */
    public @Nullable Boolean parallel() {
        Boolean asked = request.tools().parallel();
        if (asked == null || !facts.cannot(Ability.PARALLEL_CALLS)) {
            return asked;
        }
        if (asked) {
            drop(MemberName.PARALLEL_TOOL_CALLS);
        }
        return null;
    }

    /** Whether the provider is to end the answer at stop sequences; otherwise the gateway does. */
    public boolean takesStops() {
        return !facts.cannot(Ability.STOP);
    }
}
