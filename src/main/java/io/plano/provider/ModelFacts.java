package io.plano.provider;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a model: what it can, what it cannot, and how long its answers may be. What is in neither set is unknown,
 * and then a request is not changed. Immutable.
 *
 * @param maxOutput the most tokens of an answer; 0 if that is unknown
 * @param can what it does
 * @param cannot what it refuses
 */
public record ModelFacts(long maxOutput, Set<Ability> can, Set<Ability> cannot) {
    /** Nothing is known. */
    public static final ModelFacts UNKNOWN = new ModelFacts(0, Set.of(), Set.of());

    /** Something that some models do and others refuse. */
    public enum Ability {
        /** It thinks before it answers, and takes members that say how much. */
        REASONING,
        EFFORT_NONE,
        EFFORT_MINIMAL,
        EFFORT_LOW,
        EFFORT_MEDIUM,
        EFFORT_HIGH,
        EFFORT_XHIGH,
        EFFORT_MAX,
        /** It decides itself how much to think: {@code thinking.type: adaptive}. */
        ADAPTIVE_THINKING,
        /** It thinks whatever it is asked. */
        THINKING_ALWAYS,
        /** It takes {@code temperature} and {@code top_p}. */
        SAMPLING,
        /** It takes both at once. */
        SAMPLING_TOGETHER,
        /** It takes them while it thinks. */
        SAMPLING_WITH_REASONING,
        /** It takes stop sequences. */
        STOP,
        /** It goes on with a text that the request begins. */
        PREFILL,
        /** It keeps to a JSON schema by itself. */
        STRUCTURED_OUTPUT,
        FUNCTIONS,
        PARALLEL_CALLS,
        /** It can be made to call a tool. */
        FORCED_TOOLS,
        /** It is served by Chat Completions, where its provider has that. */
        CHAT,
        /** It takes tools and thinks, in Chat Completions. */
        CHAT_TOOLS,
        /** It takes tools in Chat Completions if nothing is said of thinking. */
        CHAT_TOOLS_UNASKED,
        /** It searches the web in Chat Completions: {@code web_search_options}. */
        CHAT_SEARCH;

        private static final Map<String, Ability> BY_KEY = byKey();

        private static Map<String, Ability> byKey() {
            Map<String, Ability> abilities = new HashMap<>();
            for (Ability ability : values()) {
                abilities.put(ability.name().toLowerCase(Locale.ROOT), ability);
            }
            return abilities;
        }

        /** The ability that files call so, or null. */
        public static @Nullable Ability of(String key) {
            return BY_KEY.get(key);
        }
    }

    public ModelFacts {
        can = Set.copyOf(can);
        cannot = Set.copyOf(cannot);
    }

    /** Whether the model is known to do it. */
    public boolean can(Ability ability) {
        return can.contains(ability);
    }

    /** Whether the model is known to refuse it. */
    public boolean cannot(Ability ability) {
        return cannot.contains(ability);
    }

    /** Whether it is known to refuse anything that Chat Completions ask of others. */
    public boolean limitsChat() {
        return !cannot.isEmpty() && (cannot(Ability.CHAT) || cannot(Ability.CHAT_TOOLS) || cannot(Ability.CHAT_SEARCH));
    }

    /** The same, where these say nothing else. */
    public ModelFacts overriddenBy(ModelFacts own) {
        if (own.equals(UNKNOWN)) {
            return this;
        } else if (equals(UNKNOWN)) {
            return own;
        }
        return new ModelFacts(
                own.maxOutput > 0 ? own.maxOutput : maxOutput,
                joined(can, own.can, own.cannot),
                joined(cannot, own.cannot, own.can));
    }

    private static Set<Ability> joined(Set<Ability> known, Set<Ability> own, Set<Ability> opposite) {
        Set<Ability> all = EnumSet.noneOf(Ability.class);
        all.addAll(known);
        all.removeAll(opposite);
        all.addAll(own);
        return all;
    }
}
