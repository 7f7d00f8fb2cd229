package io.plano.bridge;

import io.plano.body.ByteSegments;
import io.plano.upstream.RepeatableBody;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.http.nio.DataStreamChannel;

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
    public int available() {
        return next < buffers.size() ? buffers.get(next).remaining() : 1;
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        while (next < buffers.size()) {
            ByteBuffer buffer = buffers.get(next);
            channel.write(buffer);
            if (buffer.hasRemaining()) {
                channel.requestOutput();
                return;
            }
            next++;
        }
        channel.endStream();
    }

    @Override
    public void releaseResources() {
        // The segments belong to the exchange, which may send them again.
    }
}
