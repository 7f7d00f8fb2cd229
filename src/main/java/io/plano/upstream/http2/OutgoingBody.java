package io.plano.upstream.http2;

import io.plano.upstream.RequestBody;
import io.plano.upstream.RequestOutput;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a stream has to send, one frame ahead. The producer may write from any thread; what it has written is taken on the
 * reactor's, as the windows allow.
 */
final class OutgoingBody implements RequestOutput {
    private final RequestBody producer;
    private final Runnable wake;

    // Guarded by this.
    private final ByteBuffer buffer = ByteBuffer.allocate(FrameType.MAX_PAYLOAD); // filled up to its position
    private boolean ended;
    private boolean closed;

    private volatile boolean wanted = true;

    /** @param wake asks for {@link #produce} and {@link #take}, from any thread */
    OutgoingBody(RequestBody producer, Runnable wake) {
        this.producer = producer;
        this.wake = wake;
    }

    @Override
    public void requestOutput() {
        wanted = true;
        wake.run();
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int count = store(source);
        if (count > 0) {
            wake.run();
        }
        return count;
    }

    private synchronized int store(ByteBuffer source) throws IOException {
        if (closed || ended) {
            throw new IOException("the stream is closed");
        }
        int count = Math.min(source.remaining(), buffer.remaining());
        buffer.put(source.slice(source.position(), count));
        source.position(source.position() + count);
        return count;
    }

    @Override
    public void end() throws IOException {
        synchronized (this) {
            if (closed) {
                throw new IOException("the stream is closed");
            }
            ended = true;
        }
        wake.run();
    }

    /** Asks for more where there is room and more to be had. */
    void produce() throws IOException {
        if (hasRoom() && (wanted || producer.isReady())) {
            wanted = false;
            producer.produce(this);
        }
    }

    private synchronized boolean hasRoom() {
        return !ended && !closed && buffer.position() == 0;
    }

    /** Whether there is nothing to send but the end, which no window holds back. */
    synchronized boolean isAtEnd() {
        return ended && buffer.position() == 0;
    }

    synchronized int available() {
        return buffer.position();
    }

    /**
     * Writes one frame of at most so many bytes.
     *
     * @return how many; {@code last} tells whether it was the last
     */
    synchronized int take(FrameWriter writer, int streamId, int limit) {
        int count = Math.min(limit, buffer.position());
        FrameSink.Last last = ended && count == buffer.position() ? FrameSink.Last.YES : FrameSink.Last.NO;
        buffer.flip();
        writer.data(streamId, buffer.slice(0, count), last);
        buffer.position(count);
        buffer.compact();
        closed = closed || last == FrameSink.Last.YES;
        return count;
    }

    /** Whether everything has been taken, or will never be. */
    synchronized boolean isClosed() {
        return closed;
    }

    synchronized void close() {
        closed = true;
    }
}
