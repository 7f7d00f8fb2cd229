package io.plano.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.BasicHttpTransportMetrics;
import org.apache.hc.core5.http.impl.nio.ChunkDecoder;
import org.apache.hc.core5.http.nio.ContentDecoder;
import org.apache.hc.core5.http.nio.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A chunked body that reads its socket only where it cannot go on without. HttpCore's decoder reads before every chunk
 * head, so a provider that sends an event in each chunk costs a system call, and a move of the whole buffer, for every
 * event.
 *
 * <p>Here the decoder believes that the socket is empty while there are bytes in the buffer, until it found no complete
 * line among them. When it stops for that reason it is asked again before anybody hears of it: so it still returns nothing
 * only where the socket had nothing. Reactor thread of the connection only.
 */
final class ChunkedBody implements ContentDecoder {
    private final ContentDecoder decoder;
    private boolean lineIncomplete;
    private boolean negativeSize;

    ChunkedBody(
            ReadableByteChannel channel,
            SessionInputBuffer buffer,
            Http1Config config,
            BasicHttpTransportMetrics metrics) {
        this.decoder = new ChunkDecoder(channel, new Input(buffer), config, metrics);
    }

    @Override
    public int read(ByteBuffer destination) throws IOException {
        int count = decoder.read(destination);
        if (count == 0 && lineIncomplete) {
            count = decoder.read(destination);
        }
        if (negativeSize) {
            throw new MalformedChunkCodingException("negative chunk size");
        }
        return count;
    }

    @Override
    public boolean isCompleted() {
        return decoder.isCompleted();
    }

    @Override
    public @Nullable List<? extends Header> getTrailers() {
        return decoder.getTrailers();
    }

    private final class Input implements SessionInputBuffer {
        private final SessionInputBuffer buffer;

        private Input(SessionInputBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public int fill(ReadableByteChannel channel) throws IOException {
            if (!lineIncomplete && buffer.hasData()) {
                return 0;
            }
            lineIncomplete = false;
            return buffer.fill(channel);
        }

        /** A line that the end of the connection cuts off is none: "0" may be all that came of "00a". */
        @Override
        public boolean readLine(CharArrayBuffer line, boolean endOfStream) throws IOException {
            boolean complete = buffer.readLine(line, false);
            lineIncomplete = !complete;
            return complete;
        }

        @Override
        public boolean hasData() {
            return buffer.hasData();
        }

        @Override
        public int length() {
            return buffer.length();
        }

        @Override
        public int read() {
            return buffer.read();
        }

        /** HttpCore takes "-5" for a size, and would wait for that many bytes for ever. */
        @Override
        public int read(ByteBuffer destination, int limit) {
            negativeSize = limit <= 0;
            return negativeSize ? 0 : buffer.read(destination, limit);
        }

        @Override
        public int read(ByteBuffer destination) {
            return buffer.read(destination);
        }

        @Override
        public int read(WritableByteChannel destination, int limit) throws IOException {
            return buffer.read(destination, limit);
        }

        @Override
        public int read(WritableByteChannel destination) throws IOException {
            return buffer.read(destination);
        }
    }
}
