package io.plano.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where a {@link RequestBody} goes. Safe for every thread, one at a time; {@link #requestOutput} for all at once.
 */
public interface RequestOutput {
    /**
     * Takes as many bytes as there is room for, and moves the buffer's position behind them.
     *
     * @return how many
     * @throws IOException where the attempt is over, or its connection gone
     */
    int write(ByteBuffer source) throws IOException;

    /** Asks for a call of {@link RequestBody#produce} when there is room. */
    void requestOutput();

    /**
     * The body is complete.
     *
     * @throws IOException as {@link #write}
     */
    void end() throws IOException;
}
