package io.plano.config;

import io.plano.config.yaml.Position;
import io.plano.config.yaml.Section;
import io.plano.config.yaml.Spelling;
import io.plano.provider.Provider;
import io.plano.snapshot.AliasPattern;
import io.plano.snapshot.ModelAliases;
import io.plano.snapshot.ModelAliases.AsAsked;
import io.plano.snapshot.ModelAliases.Meaning;
import io.plano.snapshot.ModelAliases.Model;
import io.plano.snapshot.ModelAliases.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code model_aliases} against the providers of the file. Used for one file. */
final class AliasReader {
    private static final String TARGET = "target";

    private final Section section;
    private final List<Provider> providers;
    private final Map<String, Meaning> exact = new LinkedHashMap<>();
    private final List<Rule> patterns = new ArrayList<>();
    private final Map<String, Position> folded = new HashMap<>();
    private @Nullable Position catchAll;

    AliasReader(Section section, List<Provider> providers) {
        this.section = section;
        this.providers = providers;
    }

    ModelAliases read() {
        section.keys().forEach(this::read);
        return new ModelAliases(exact, patterns);
    }

    private void read(String alias) {
        Section entry = section.section(alias);
        String target = entry.text(TARGET);
        boolean optional = Boolean.TRUE.equals(entry.flag("optional"));
        if (alias.isBlank()) {
            section.error(alias, "an alias must have a name");
        } else if (alias.chars().anyMatch(c -> SafeText.isUnsafe((char) c))) {
            refuse(alias, "holds a control character, such as a line break");
        }
        Meaning meaning = target == null ? null : meaning(target);
        if (meaning != null) {
            add(alias, meaning, optional);
        } else if (target != null && (!optional || section.has(target))) {
            entry.error(TARGET, unresolved(target));
        }
    }

    private void add(String alias, Meaning meaning, boolean optional) {
        if (!AliasPattern.isPattern(alias)) {
            exact.put(alias, meaning);
            return;
        }
        AliasPattern pattern = new AliasPattern(alias);
        Position here = section.positionOfKey(alias);
        Position first = folded.putIfAbsent(pattern.folded(), here);
        if (first != null) {
            refuse(alias, "is the pattern in line " + first.line() + " again; letter case does not count");
        } else if (catchAll != null) {
            refuse(
                    alias,
                    "matches nothing, since the '*' in line " + catchAll.line() + " takes all; put that one last");
        }
        // One that may be absent is meant to hide the others where it is there.
        if (pattern.matchesAll() && !optional && catchAll == null) {
            catchAll = here;
        }
        patterns.add(new Rule(pattern, meaning));
    }

    private void refuse(String alias, String message) {
        section.problems().error(section.positionOfKey(alias), section.path(alias), message);
    }

    /** Null where nobody serves the target. */
    private @Nullable Meaning meaning(String target) {
        List<Provider> named = wildcards(provider -> provider.name().equals(target));
        if (!named.isEmpty()) {
            return new AsAsked(named);
        }
        if (providers.stream().flatMap(AliasReader::names).anyMatch(target::equals)) {
            return new Model(target);
        }
        List<Provider> same = wildcards(provider -> wildcard(provider).equals(target));
        if (!same.isEmpty()) {
            return new AsAsked(same);
        }
        boolean served = providers.stream().anyMatch(provider -> provider.wildcardModel(target) != null);
        return served && !AliasPattern.isPattern(target) ? new Model(target) : null;
    }

    private List<Provider> wildcards(Predicate<Provider> filter) {
        return providers.stream().filter(Provider::isWildcard).filter(filter).toList();
    }

    /** The {@code model} of a wildcard. */
    private static String wildcard(Provider provider) {
        return provider.id() + "/" + provider.modelPrefix() + "*";
    }

    /** What a client may call a provider's model; nothing for a wildcard, whose name says no model. */
    static Stream<String> names(Provider provider) {
        String model = provider.model();
        return model == null ? Stream.of() : Stream.of(model, provider.id() + "/" + model, provider.name());
    }

    private String unresolved(String target) {
        if (section.has(target)) {
            return "is an alias itself; name the model that is meant";
        }
        if (AliasPattern.isPattern(target)) {
            return "is no wildcard of this file; name one as its model has it, such as openai/*";
        }
        List<String> known = providers.stream()
                .flatMap(provider -> Stream.concat(names(provider), Stream.of(provider.name())))
                .distinct()
                .toList();
        return "no provider serves this model" + Spelling.hint(target, known);
    }
}
