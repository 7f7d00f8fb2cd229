package io.plano.snapshot;

import io.plano.snapshot.ModelAliases.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first of many patterns that matches a name, without trying all of them: each stands under up to three
 * characters that it must have next to each other, those that the fewest others stand under. A name is looked at once,
 * and only patterns under characters that it has are tried. Letter case does not count. Immutable.
 */
final class AliasIndex {
    private static final int LONGEST = 3;

    private final List<Rule> rules;

    /** The numbers of the rules under each key, ascending. */
    private final Map<Long, List<Integer>> byCharacters = new HashMap<>();

    /** Those with nothing but stars. */
    private final List<Integer> matchingAll = new ArrayList<>();

    AliasIndex(List<Rule> rules) {
        this.rules = rules;
        Map<Long, Integer> uses = new HashMap<>();
        for (Rule rule : rules) {
            keysOf(rule.pattern()).forEach(key -> uses.merge(key, 1, Integer::sum));
        }
        for (int i = 0; i < rules.size(); i++) {
            Long rarest = rarest(keysOf(rules.get(i).pattern()), uses);
            (rarest == null ? matchingAll : byCharacters.computeIfAbsent(rarest, absent -> new ArrayList<>(1))).add(i);
        }
    }

    private static @Nullable Long rarest(Set<Long> keys, Map<Long, Integer> uses) {
        Long rarest = null;
        for (Long key : keys) {
            if (rarest == null || uses.getOrDefault(key, 0) < uses.getOrDefault(rarest, 0)) {
                rarest = key;
            }
        }
        return rarest;
    }

    /** Of the pattern's longest piece: it has more of them than any other. */
    private static Set<Long> keysOf(AliasPattern pattern) {
        String piece = pattern.longestPiece();
        int length = Math.min(LONGEST, piece.length());
        Set<Long> keys = new HashSet<>();
        for (int at = 0; length > 0 && at + length <= piece.length(); at++) {
            keys.add(key(piece, at, length));
        }
        return keys;
    }

    /** The first rule whose pattern matches; null where none does. */
    @Nullable
    Rule first(String name) {
        if (name.length() > AliasPattern.MAX_NAME) {
            return null;
        }
        int best = matchingAll.isEmpty() ? rules.size() : matchingAll.get(0);
        Set<Long> seen = new HashSet<>();
        for (int at = 0; at < name.length(); at++) {
            for (int length = 1; length <= LONGEST && at + length <= name.length(); length++) {
                Long key = key(name, at, length);
                List<Integer> candidates = byCharacters.get(key);
                if (candidates != null && seen.add(key)) {
                    best = first(candidates, best, name);
                }
            }
        }
        return best == rules.size() ? null : rules.get(best);
    }

    private int first(List<Integer> candidates, int best, String name) {
        for (int candidate : candidates) {
            if (candidate >= best) {
                return best;
            }
            if (rules.get(candidate).pattern().matches(name)) {
                return candidate;
            }
        }
        return best;
    }

    private static long key(String text, int at, int length) {
        long key = length;
        for (int i = at; i < at + length; i++) {
            // As String.regionMatches compares when letter case does not count.
            key = key << 16 | Character.toLowerCase(Character.toUpperCase(text.charAt(i)));
        }
        return key;
    }
}
