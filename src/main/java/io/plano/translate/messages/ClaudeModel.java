package io.plano.translate.messages;

import io.plano.provider.ModelFacts;
import io.plano.provider.ModelFacts.Ability;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a model behind the Messages API can do, told by its name: requests of other APIs leave unsaid what this one requires,
 * and say what newer models refuse. Names are those of the Claude API, Bedrock, Vertex and OpenRouter ({@code
 * claude-3-5-sonnet-20241022}, {@code anthropic.claude-opus-4-6-v1}, {@code claude-sonnet-4.5}). Source: Anthropic, "Models
 * overview", "Adaptive thinking", "Effort", "Structured outputs", and the migration guides of Opus 4.7, 5 and 5.5.
 *
 * @param maxOutput the most tokens of an answer; the limit if the client sets none
 * @param thinking how it thinks
 * @param sampling which of {@code temperature}, {@code top_p} and {@code top_k} it takes
 * @param outputs whether it follows JSON schemas by itself: {@code output_config.format}, {@code strict} tools
 * @param topEffort whether it knows the effort {@code xhigh}
 */
record ClaudeModel(long maxOutput, Thinking thinking, Sampling sampling, Outputs outputs, TopEffort topEffort) {
    /** How a model thinks. */
    enum Thinking {
        NONE,
        /** Up to a number of tokens, if asked for. */
        BUDGET,
        /** As much as it finds right, if asked for. */
        ADAPTIVE,
        /** As much as it finds right, unless asked not to. */
        ADAPTIVE_BY_DEFAULT,
        /** As much as it finds right; it cannot be asked not to, and cannot be forced to call a tool. */
        ADAPTIVE_ALWAYS;

        boolean isAdaptive() {
            return this != NONE && this != BUDGET;
        }
    }

    /** Which sampling parameters a model takes. */
    enum Sampling {
        ALL,
        /** Either {@code temperature} or {@code top_p}. */
        ONE,
        /** None but a temperature of 1. */
        NONE
    }

    /** Whether a model follows JSON schemas by itself. */
    enum Outputs {
        PLAIN,
        STRUCTURED
    }

    /** Whether a model knows the effort {@code xhigh}. */
    enum TopEffort {
        HIGH,
        XHIGH
    }

    private record Row(String family, int fromVersion, ClaudeModel model) {}

    private static final ClaudeModel UNKNOWN = old(4_096, Thinking.NONE);

    /** The first row of the model's family whose version (ten times the major, plus the minor) is not above the model's. */
    private static final List<Row> ROWS = List.of(
            new Row("fable", 0, latest(Thinking.ADAPTIVE_ALWAYS)),
            new Row("mythos", 0, latest(Thinking.ADAPTIVE_ALWAYS)),
            new Row("opus", 55, latest(Thinking.ADAPTIVE_ALWAYS)),
            new Row("opus", 50, latest(Thinking.ADAPTIVE_BY_DEFAULT)),
            new Row("opus", 47, latest(Thinking.ADAPTIVE)),
            new Row("opus", 46, structured(128_000, Thinking.ADAPTIVE)),
            new Row("opus", 45, structured(64_000, Thinking.BUDGET)),
            new Row("opus", 41, new ClaudeModel(32_000, Thinking.BUDGET, Sampling.ONE, Outputs.PLAIN, TopEffort.HIGH)),
            new Row("opus", 40, old(32_000, Thinking.BUDGET)),
            new Row("sonnet", 50, latest(Thinking.ADAPTIVE_BY_DEFAULT)),
            new Row("sonnet", 46, structured(64_000, Thinking.ADAPTIVE)),
            new Row("sonnet", 45, structured(64_000, Thinking.BUDGET)),
            new Row("sonnet", 37, old(64_000, Thinking.BUDGET)),
            new Row("sonnet", 35, old(8_192, Thinking.NONE)),
            new Row("haiku", 50, latest(Thinking.ADAPTIVE_BY_DEFAULT)),
            new Row("haiku", 45, structured(64_000, Thinking.BUDGET)),
            new Row("haiku", 35, old(8_192, Thinking.NONE)));

    private static ClaudeModel latest(Thinking thinking) {
        return new ClaudeModel(128_000, thinking, Sampling.NONE, Outputs.STRUCTURED, TopEffort.XHIGH);
    }

    private static ClaudeModel structured(long maxOutput, Thinking thinking) {
        return new ClaudeModel(maxOutput, thinking, Sampling.ONE, Outputs.STRUCTURED, TopEffort.HIGH);
    }

    private static ClaudeModel old(long maxOutput, Thinking thinking) {
        return new ClaudeModel(maxOutput, thinking, Sampling.ALL, Outputs.PLAIN, TopEffort.HIGH);
    }

    /** The model of that name, where these facts say nothing else. */
    static ClaudeModel of(String name, ModelFacts facts) {
        ClaudeModel known = of(name);
        boolean isNamed = known != UNKNOWN;
        Thinking thinks = facts.cannot(Ability.REASONING)
                ? Thinking.NONE
                : isNamed
                        ? known.thinking
                        : facts.can(Ability.ADAPTIVE_THINKING)
                                ? Thinking.ADAPTIVE
                                : facts.can(Ability.REASONING) ? Thinking.BUDGET : known.thinking;
        return new ClaudeModel(
                facts.maxOutput() > 0 ? facts.maxOutput() : known.maxOutput,
                thinks,
                facts.cannot(Ability.SAMPLING) ? Sampling.NONE : known.sampling,
                facts.cannot(Ability.STRUCTURED_OUTPUT)
                        ? Outputs.PLAIN
                        : facts.can(Ability.STRUCTURED_OUTPUT) ? Outputs.STRUCTURED : known.outputs,
                facts.can(Ability.EFFORT_XHIGH) ? TopEffort.XHIGH : known.topEffort);
    }

    /** Whether it keeps its thoughts to itself unless it is asked to show them: Claude from Opus 4.7 on. */
    boolean hidesThoughts() {
        return thinking.isAdaptive() && sampling == Sampling.NONE;
    }

    /** The model of that name; one that can little if the name says nothing. */
    static ClaudeModel of(String name) {
        List<String> words = words(name);
        int version = version(words);
        for (Row row : ROWS) {
            if (words.contains(row.family()) && version >= row.fromVersion()) {
                return row.model();
            }
        }
        return UNKNOWN;
    }

    /** Whether its limit is one of a model, and not a guess. */
    boolean isKnown() {
        return maxOutput != UNKNOWN.maxOutput || thinking != UNKNOWN.thinking;
    }

    boolean isStructured() {
        return outputs == Outputs.STRUCTURED;
    }

    /** The words behind {@code claude}; none if the model is another one. */
    private static List<String> words(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        int claude = lower.indexOf("claude");
        List<String> words = new ArrayList<>();
        if (claude >= 0) {
            for (String word : lower.substring(claude).split("[^a-z0-9]+", -1)) {
                words.add(word);
            }
        }
        return words;
    }

    private static int version(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            if (isVersion(words.get(i))) {
                boolean hasMinor = i + 1 < words.size() && isVersion(words.get(i + 1));
                return 10 * Integer.parseInt(words.get(i)) + (hasMinor ? Integer.parseInt(words.get(i + 1)) : 0);
            }
        }
        return 0;
    }

    /** Dates have more digits. */
    private static boolean isVersion(String word) {
        return !word.isEmpty() && word.length() <= 2 && word.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
