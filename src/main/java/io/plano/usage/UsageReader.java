package io.plano.usage;

/** Reads an answer as it passes, in pieces split anywhere. One thread at a time. */
interface UsageReader {
    void accept(byte[] bytes, int from, int to);

    /** What it holds for a part of the answer, in bytes, until it is closed. */
    default long heldBytes() {
        return 0;
    }

    /** Nothing more comes. */
    default void close() {
        // For whoever holds something.
    }
}
