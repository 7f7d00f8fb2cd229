package io.plano.translate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ends a text at the first of some stop sequences, wherever it is split: what may be the beginning of one is held until more
 * is known. For providers whose API has no stop sequences, or too few. One answer; one thread at a time.
 */
final class StopSequences {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private @Nullable String reached;

    StopSequences(List<String> stops) {
        this.stops = stops;
    }

    boolean isEmpty() {
        return stops.isEmpty();
    }

    /** The one that the text has come to, or null. */
    @Nullable
    String reached() {
        return reached;
    }

    /** More of the text; what of it can go on. */
    String append(String piece) {
        if (reached != null) {
            return "";
        }
        held.append(piece);
        int end = held.length() + 1;
        for (String stop : stops) {
            int found = held.indexOf(stop);
            if (found >= 0 && found < end) {
                end = found;
                reached = stop;
            }
        }
        return reached == null ? taken(held.length() - longestBeginning()) : taken(end);
    }

    /** What is left of a text that has ended. */
    String rest() {
        return reached == null ? taken(held.length()) : "";
    }

    private String taken(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }

    /** How many characters at the end may begin a stop sequence. */
    private int longestBeginning() {
        int longest = 0;
        for (String stop : stops) {
            int possible = Math.min(stop.length() - 1, held.length());
            while (possible > longest && !endsWith(stop, possible)) {
                possible--;
            }
            longest = Math.max(longest, possible);
        }
        return longest;
    }

    private boolean endsWith(String stop, int length) {
        int from = held.length() - length;
        for (int i = 0; i < length; i++) {
            if (held.charAt(from + i) != stop.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
