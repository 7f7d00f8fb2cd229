package io.plano.config.yaml;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the word that somebody probably meant. */
public final class Spelling {
    private static final int LONGEST = 64;

    private Spelling() {}

    /** {@code ; did you mean 'x'?} for the closest candidate, or nothing where none is close. */
    public static String hint(String word, Collection<String> candidates) {
        String closest = closest(word, candidates);
        return closest == null ? "" : "; did you mean '" + closest + "'?";
    }

    /** The candidate with the fewest typing mistakes, at most one in three letters; null where none is close. */
    static @Nullable String closest(String word, Collection<String> candidates) {
        if (word.length() > LONGEST) {
            return null;
        }
        String wanted = fold(word);
        String best = null;
        int fewest = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int mistakes = distance(wanted, fold(candidate));
            if (mistakes < fewest && mistakes * 3 <= Math.max(word.length(), 3)) {
                best = candidate;
                fewest = mistakes;
            }
        }
        return best;
    }

    private static String fold(String word) {
        return word.toLowerCase(Locale.ROOT).replace('-', '_');
    }

    /** Levenshtein's distance with swaps of neighbours counted once. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int step(int[][] cost, String a, String b, int i, int j) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
