package io.plano.provider;

import static io.plano.provider.ModelFacts.Ability.ADAPTIVE_THINKING;
import static io.plano.provider.ModelFacts.Ability.CHAT;
import static io.plano.provider.ModelFacts.Ability.CHAT_SEARCH;
import static io.plano.provider.ModelFacts.Ability.CHAT_TOOLS;
import static io.plano.provider.ModelFacts.Ability.CHAT_TOOLS_UNASKED;
import static io.plano.provider.ModelFacts.Ability.EFFORT_MAX;
import static io.plano.provider.ModelFacts.Ability.EFFORT_MINIMAL;
import static io.plano.provider.ModelFacts.Ability.EFFORT_XHIGH;
import static io.plano.provider.ModelFacts.Ability.REASONING;
import static io.plano.provider.ModelFacts.Ability.SAMPLING;
import static io.plano.provider.ModelFacts.Ability.SAMPLING_WITH_REASONING;
import static io.plano.provider.ModelFacts.Ability.STOP;

import io.plano.provider.ModelFacts.Ability;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a model tells, for models that no table has, and of things that tables do not have. Sources: OpenAI,
 * "Reasoning models" (members that they refuse), "Using GPT-5.4" and later (tools by Responses alone), "Web search" (models of
 * Chat Completions that search); Groq and Ollama, model pages. Stateless.
 */
final class ModelFamilies {
    private static final Pattern OPENAI =
            Pattern.compile("(?:^|[/.:])(?:ft:)?(gpt-|o(?=[0-9]))([0-9]+)(?:\\.([0-9]+))?(.*)");
    private static final Pattern PLAIN =
            Pattern.compile("(?:^|[/.:])(?:gpt-[34]|chatgpt-4o|gpt-audio|llama-?[0-9]|meta-llama|mixtral|codellama).*");

    private ModelFamilies() {}

    /**
     * What the name tells.
     *
     * @param model in lower case
     */
    static ModelFacts of(String model) {
        Matcher openAi = OPENAI.matcher(model);
        if (openAi.find()) {
            return openAi(openAi);
        } else if (PLAIN.matcher(model).find()) {
            return new ModelFacts(0, Set.of(), Set.of(REASONING, ADAPTIVE_THINKING));
        }
        return ModelFacts.UNKNOWN;
    }

    private static ModelFacts openAi(Matcher name) {
        int minor = name.group(3) == null ? 0 : Integer.parseInt(name.group(3));
        int version = 100 * Integer.parseInt(name.group(2)) + minor;
        String kind = String.valueOf(name.group(4));
        boolean search = kind.contains("search");
        Set<Ability> can = EnumSet.noneOf(Ability.class);
        Set<Ability> cannot = EnumSet.noneOf(Ability.class);
        (search ? can : cannot).add(CHAT_SEARCH);
        boolean numbered = name.group(1).equals("o");
        if (!numbered && (version < 500 || kind.contains("-chat") || search)) {
            cannot.add(REASONING);
            return new ModelFacts(0, can, cannot);
        }
        can.add(REASONING);
        cannot.addAll(List.of(SAMPLING_WITH_REASONING, STOP));
        if (numbered || version == 500) {
            cannot.addAll(List.of(SAMPLING, EFFORT_XHIGH));
        }
        if (numbered || version < 600) {
            cannot.add(EFFORT_MAX);
        }
        if (numbered) {
            cannot.add(EFFORT_MINIMAL);
        } else if (version >= 504) {
            cannot.add(CHAT_TOOLS);
        }
        if (!numbered && version >= 506) {
            cannot.add(CHAT_TOOLS_UNASKED);
        }
        if (kind.contains("codex") || kind.contains("-pro") || kind.contains("deep-research")) {
            cannot.add(CHAT);
        }
        return new ModelFacts(0, can, cannot);
    }
}
