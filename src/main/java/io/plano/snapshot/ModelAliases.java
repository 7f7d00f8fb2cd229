package io.plano.snapshot;

import io.plano.provider.Provider;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code model_aliases}: what the names that clients may use stand for. An exact name wins over everything, a
 * pattern over those that stand behind it in the file; what the file names exactly comes between the two. Immutable; asked once for every request that names a model.
 */
public final class ModelAliases {
    private static final int FEW = 32;

    public static final ModelAliases NONE = new ModelAliases(Map.of(), List.of());

    private final Map<String, Meaning> exact;
    private final List<Rule> patterns;

    /** Null where trying one pattern after the other is faster. */
    private final @Nullable AliasIndex index;

    /**
     * @param exact in file order
     * @param patterns in file order
     */
    public ModelAliases(Map<String, Meaning> exact, List<Rule> patterns) {
        this.exact = Collections.unmodifiableMap(new LinkedHashMap<>(exact));
        this.patterns = List.copyOf(patterns);
        this.index = patterns.size() > FEW ? new AliasIndex(this.patterns) : null;
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

    /** What the name stands for where it is an alias letter for letter; otherwise null. */
    public @Nullable Meaning exact(String asked) {
        return exact.get(asked);
    }

    /** What the first pattern stands for that the name matches; null where it matches none. */
    public @Nullable Meaning pattern(String asked) {
        if (index != null) {
            Rule first = index.first(asked);
            return first == null ? null : first.meaning();
        }
        for (Rule rule : patterns) {
            if (rule.pattern().matches(asked)) {
                return rule.meaning();
            }
        }
        return null;
    }
}
