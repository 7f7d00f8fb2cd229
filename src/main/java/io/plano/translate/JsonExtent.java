package io.plano.translate;

/** Follows a JSON object or array that comes in pieces, and knows when it is complete. One thread. */
public final class JsonExtent {
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean complete;

    /** Reads on, whatever follows the end. */
    public void read(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            next(piece.charAt(i));
        }
    }

    /** Reads on to the end of the object and no further; the number of characters up to there, or of all of them. */
    public int readToEnd(String piece) {
        int i = 0;
        while (i < piece.length() && !complete) {
            next(piece.charAt(i++));
        }
        return i;
    }

    private void next(char c) {
        if (inString) {
            if (escaped) {
                escaped = false;
            } else if (c == '\\') {
                escaped = true;
            } else if (c == '"') {
                inString = false;
            }
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            depth--;
            complete = depth == 0;
        }
    }

    public boolean isComplete() {
        return complete;
    }
}
