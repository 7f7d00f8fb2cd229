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
final class SegmentProducer implements RepeatableBody {
    private final List<ByteBuffer> buffers;
    private int next;

    SegmentProducer(ByteSegments body) {
        this.buffers = body.buffers();
        buffers.forEach(ByteBuffer::mark);
    }

    @Override
    public void rewind() {
        buffers.forEach(ByteBuffer::reset);
        next = 0;
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
