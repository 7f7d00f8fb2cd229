package io.plano.translate.completions;

/** Follows a JSON object or array that comes in pieces, and knows when it is complete. One thread. */
final class JsonExtent {
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean complete;

    void read(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
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
    }

    boolean isComplete() {
        return complete;
    }
}
