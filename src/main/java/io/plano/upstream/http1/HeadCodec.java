package io.plano.upstream.http1;

import io.plano.upstream.attempt.UpstreamAttempt;
import java.io.IOException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.nio.DefaultHttpRequestWriterFactory;
import org.apache.hc.core5.http.impl.nio.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.nio.NHttpMessageParser;
import org.apache.hc.core5.http.nio.NHttpMessageWriter;
import org.apache.hc.core5.http.nio.SessionInputBuffer;
import org.apache.hc.core5.http.nio.SessionOutputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Counts the heads that go out and come in on one connection, and closes gaps that HttpCore's reader leaves open.
 *
 * <p><b>Bytes that no request asked for end the connection</b> (RFC 9112 §6.3, R23), be they behind the end of an answer
 * or on a waiting connection, with TLS or without. HttpCore keeps them until the next exchange, to read them as the
 * beginning of its answer.
 *
 * <p><b>A head that the end of the connection cuts off is no head</b> (RFC 9112 §8, R24). HttpCore takes what came of it
 * for the whole, so that a dying provider answers 200 with an empty body.
 *
 * <p><b>A head that can be read in two ways is refused</b>: see {@link StrictLines}.
 *
 * <p><b>A head has a limit as a whole.</b> HttpCore limits a line and the number of lines: together that is thirty
 * megabytes. What is beyond the ordinary is reserved with the exchange that it is for, while it comes.
 *
 * <p>Reactor thread of the connection only.
 */
final class HeadCodec {
    /** The most bytes of a head, line ends included. */
    static final int MAX_HEAD = 256 << 10;

    /** Whom a large head concerns. */
    interface Owner {
        /** So many bytes more of a large head have come. */
        void headGrew(int bytes);
    }

    private final Http1Config http1;
    private @Nullable Owner owner;
    private int awaited;

    HeadCodec(Http1Config http1) {
        this.http1 = http1;
    }

    void tell(Owner whom) {
        owner = whom;
    }

    NHttpMessageWriter<HttpRequest> writer() {
        return new Writer(new DefaultHttpRequestWriterFactory(http1).create());
    }

    NHttpMessageParser<HttpResponse> parser() {
        return new Parser(new DefaultHttpResponseParserFactory(http1, null, new StrictLines()).create());
    }

    private final class Writer implements NHttpMessageWriter<HttpRequest> {
        private final NHttpMessageWriter<HttpRequest> writer;

        private Writer(NHttpMessageWriter<HttpRequest> writer) {
            this.writer = writer;
        }

        @Override
        public void write(HttpRequest head, SessionOutputBuffer buffer) throws IOException, HttpException {
            awaited++;
            writer.write(head, buffer);
        }

        @Override
        public void reset() {
            writer.reset();
        }
    }

    private final class Parser implements NHttpMessageParser<HttpResponse> {
        private final NHttpMessageParser<HttpResponse> parser;
        private int size;

        private Parser(NHttpMessageParser<HttpResponse> parser) {
            this.parser = parser;
        }

        @Override
        public @Nullable HttpResponse parse(SessionInputBuffer buffer, boolean endOfStream)
                throws IOException, HttpException {
            if (awaited == 0 && buffer.hasData()) {
                throw new ProtocolException("bytes that no request asked for");
            }
            int before = buffer.length();
            HttpResponse head = parser.parse(buffer, false);
            grown(before - buffer.length());
            if (head == null) {
                if (endOfStream && buffer.hasData()) {
                    throw new ConnectionClosedException("the connection ended within a head");
                }
                return null;
            }
            if (head.getCode() < 100 || head.getCode() > 599) {
                throw new ProtocolException("a status that is none (RFC 9110 section 15)");
            }
            if (head.getCode() == HttpStatus.SC_SWITCHING_PROTOCOLS) {
                throw new ProtocolException("another protocol, which no request asked for");
            }
            size = 0;
            if (head.getCode() >= HttpStatus.SC_SUCCESS) {
                StrictLines.checkLength(head);
                awaited--;
            }
            return head;
        }

        private void grown(int bytes) throws MessageConstraintException {
            size += bytes;
            if (size > MAX_HEAD) {
                throw new MessageConstraintException("a head of more than " + MAX_HEAD + " bytes");
            }
            if (size > UpstreamAttempt.LARGE_HEAD && bytes > 0 && owner != null) {
                owner.headGrew(bytes);
            }
        }

        @Override
        public void reset() {
            size = 0;
            parser.reset();
        }
    }
}
