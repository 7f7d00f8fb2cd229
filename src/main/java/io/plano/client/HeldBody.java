package io.plano.client;

import io.plano.body.ByteSegments;
import io.plano.upstream.RepeatableBody;
import io.plano.upstream.RequestOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Sends a body that is held in memory. Segment by segment: NIO copies all that remains of a heap buffer at every write,
 * so one buffer of five megabytes would be copied eighty times. One thread at a time; one attempt, one producer.
 */
public final class HeldBody implements RepeatableBody {
    private List<ByteBuffer> buffers;
    private int next;

    public HeldBody(ByteSegments body) {
        this.buffers = body.buffers();
        buffers.forEach(ByteBuffer::mark);
    }

    @Override
    public void rewind() {
        buffers.forEach(ByteBuffer::reset);
        next = 0;
    }

    /**
     * It will not be sent again: where all of it has been sent, it is held no longer, though its attempt may last for
     * hours. To be called on the thread of the attempt.
     *
     * @return whether all of it has been sent
     */
    public boolean forget() {
        boolean sent = next == buffers.size();
        if (sent) {
            buffers = List.of();
            next = 0;
        }
        return sent;
    }

    @Override
    public boolean isReady() {
        return true; // until the end has been told
    }

    @Override
    public void produce(RequestOutput output) throws IOException {
        while (next < buffers.size()) {
            ByteBuffer buffer = buffers.get(next);
            output.write(buffer);
            if (buffer.hasRemaining()) {
                output.requestOutput();
                return;
            }
            next++;
        }
        output.end();
    }

    @Override
    public void release() {
        // The segments belong to the exchange, which may send them again.
    }
}
