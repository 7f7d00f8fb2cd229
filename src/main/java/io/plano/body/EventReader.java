package io.plano.body;

import java.io.IOException;

/** Finds the events in the bytes of one stream, which may be split anywhere, and hands them to an {@link EventSink}. One thread. */
public interface EventReader {
    /**
     * Reads the next piece.
     *
     * @throws IOException if an event is larger than may be held; nothing more may be read then
     */
    void accept(byte[] bytes, int offset, int length) throws IOException;

    /** How many bytes belong to an event that is not complete. */
    int pending();

    /** How many bytes are held for that. */
    int held();

    /** The stream has ended in order. */
    void end() throws IOException;
}
