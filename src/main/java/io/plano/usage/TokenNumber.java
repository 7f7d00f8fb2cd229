package io.plano.usage;

/**
 * A JSON number that may be a count of tokens, and may come in pieces. It is one if it is whole ({@code 12}, {@code 12.0}),
 * not negative and not absurd; whoever adds up such counts need not fear an overflow. Reused; one thread.
 */
final class TokenNumber {
    /** More tokens than any answer could cost. */
    static final long MAX = 1_000_000_000_000L;

    private long value;
    private boolean begun;
    private boolean inFraction;
    private boolean odd;

    void clear() {
        value = 0;
        begun = false;
        inFraction = false;
        odd = false;
    }

    void add(byte character) {
        if (character == '.' && begun && !inFraction) {
            inFraction = true;
        } else if (character < '0' || character > '9' || (inFraction && character != '0')) {
            odd = true;
        } else if (!inFraction && !odd) {
            begun = true;
            value = value * 10 + (character - '0');
            odd = value > MAX;
        }
    }

    /** The count, or {@link TokenUsage#UNKNOWN}. */
    long count() {
        return begun && !odd ? value : TokenUsage.UNKNOWN;
    }
}
