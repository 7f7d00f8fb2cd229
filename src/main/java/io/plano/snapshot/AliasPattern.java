package io.plano.snapshot;

import java.util.Locale;

/**
 * The name of an alias with {@code *} in it, which stands for any text or none. Letter case does not count. Matching
 * looks at each character of a name a bounded number of times, allocates nothing and never goes back: after the fixed
 * beginning and end, each piece between two stars is looked for where it comes first. Immutable.
 */
public final class AliasPattern {
    /** No model's name is longer; what a client sends may be. */
    public static final int MAX_NAME = 1_000;

    private static final String STAR = "*";

    /** What stands between the stars: at least two, the first and the last perhaps empty. */
    private final String[] pieces;

    private final int shortest;

    /**
     * @param text with one star at least
     */
    public AliasPattern(String text) {
        this.pieces = text.split("\\*+", -1);
        this.shortest = text.length() - (int) text.chars().filter(c -> c == '*').count();
    }

    public static boolean isPattern(String alias) {
        return alias.contains(STAR);
    }

    /** Whether it matches whatever there is. */
    public boolean matchesAll() {
        return shortest == 0;
    }

    /** The same for patterns that match the same names because they differ in letter case or doubled stars. */
    public String folded() {
        return String.join(STAR, pieces).toLowerCase(Locale.ROOT);
    }

    /** What a name must have; empty if the pattern matches all. */
    public String longestPiece() {
        String longest = "";
        for (String piece : pieces) {
            longest = piece.length() > longest.length() ? piece : longest;
        }
        return longest;
    }

    public boolean matches(String name) {
        if (name.length() < shortest || name.length() > MAX_NAME) {
            return false;
        }
        String first = pieces[0];
        String last = pieces[pieces.length - 1];
        int end = name.length() - last.length();
        if (!isAt(name, 0, first) || !isAt(name, end, last)) {
            return false;
        }
        int from = first.length();
        for (int i = 1; i < pieces.length - 1; i++) {
            int found = find(name, pieces[i], from, end);
            if (found < 0) {
                return false;
            }
            from = found + pieces[i].length();
        }
        return true;
    }

    private static int find(String name, String piece, int from, int end) {
        for (int at = from; at + piece.length() <= end; at++) {
            if (isAt(name, at, piece)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isAt(String name, int at, String piece) {
        return name.regionMatches(true, at, piece, 0, piece.length());
    }
}
