package io.plano.snapshot;

import io.plano.provider.Provider;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code model_aliases}: what the names that clients may use stand for. An exact name wins over a pattern, a pattern over
 * those that stand behind it in the file. Immutable; asked once for every request that names a model.
 */
public final class ModelAliases {
    public static final ModelAliases NONE = new ModelAliases(Map.of(), List.of());

    private final Map<String, Meaning> exact;
    private final List<Rule> patterns;

    /**
     * @param exact in file order
     * @param patterns in file order
     */
    public ModelAliases(Map<String, Meaning> exact, List<Rule> patterns) {
        this.exact = Collections.unmodifiableMap(new LinkedHashMap<>(exact));
        this.patterns = List.copyOf(patterns);
    }

    /** What an alias stands for. */
    public sealed interface Meaning permits Model, AsAsked {}

    /**
     * A model, by any name that a client could use for it.
     *
     * @param name never an alias
     */
    public record Model(String name) implements Meaning {}

    /**
     * Providers of any model, which get the name that the client used.
     *
     * @param wildcards at least one, in file order
     */
    public record AsAsked(List<Provider> wildcards) implements Meaning {
        public AsAsked {
            wildcards = List.copyOf(wildcards);
        }
    }

    public record Rule(AliasPattern pattern, Meaning meaning) {}

    /** The names without a pattern, in file order: what can be listed. */
    public Set<String> names() {
        return exact.keySet();
    }

    /** What the name stands for; null where it is no alias. */
    public @Nullable Meaning of(String asked) {
        Meaning meaning = exact.get(asked);
        for (int i = 0; meaning == null && i < patterns.size(); i++) {
            if (patterns.get(i).pattern().matches(asked)) {
                meaning = patterns.get(i).meaning();
            }
        }
        return meaning;
    }
}
