package io.plano.upstream.http1;

import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.BasicHttpTransportMetrics;
import org.apache.hc.core5.http.impl.nio.ClientHttp1StreamDuplexer;
import org.apache.hc.core5.http.nio.ContentDecoder;
import org.apache.hc.core5.http.nio.ContentEncoder;
import org.apache.hc.core5.http.nio.SessionInputBuffer;
import org.apache.hc.core5.http.nio.SessionOutputBuffer;
import org.apache.hc.core5.http.protocol.DefaultHttpProcessor;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.jspecify.annotations.Nullable;

/** Puts HTTP/1.1 on connections. Safe for every thread. */
public final class Http1Engine {
    /** No interceptors: the header table decides every field. */
    private static final HttpProcessor NO_PROCESSING = new DefaultHttpProcessor(new HttpRequestInterceptor[0]);

    private final Http1Config config;

    Http1Engine(Http1Config config) {
        this.config = config;
    }

    /** @param bufferBytes the size of each of the three buffers of a connection */
    public static Http1Engine withBuffers(int bufferBytes) {
        return new Http1Engine(Http1Config.custom()
                .setBufferSize(bufferBytes)
                .setMaxLineLength(64 << 10)
                .setMaxHeaderCount(500)
                .build());
    }

    /** An engine for one connection: what reads its heads has to know what it wrote, so it shares nothing. */
    public IOEventHandler on(ProtocolIOSession session) {
        Http1Session turns = new Http1Session(session);
        HeadCodec heads = new HeadCodec(config);
        Duplexer duplexer = new Duplexer(turns, config, heads);
        Http1Connection connection = new Http1Connection(duplexer, turns, config.getBufferSize());
        duplexer.connection = connection;
        heads.tell(connection::headGrew);
        return connection;
    }

    /** HttpCore's, but for the way in which it reads and ends chunked bodies. */
    private static final class Duplexer extends ClientHttp1StreamDuplexer {
        private @Nullable Http1Connection connection;

        private Duplexer(ProtocolIOSession session, Http1Config config, HeadCodec heads) {
            super(
                    session,
                    NO_PROCESSING,
                    config,
                    CharCodingConfig.DEFAULT,
                    null,
                    heads.parser(),
                    heads.writer(),
                    null,
                    null,
                    null);
        }

        @Override
        protected ContentDecoder createContentDecoder(
                long length, ReadableByteChannel channel, SessionInputBuffer buffer, BasicHttpTransportMetrics metrics)
                throws HttpException {
            return length == ContentLengthStrategy.CHUNKED
                    ? new ChunkedBody(channel, buffer, metrics)
                    : super.createContentDecoder(length, channel, buffer, metrics);
        }

        @Override
        protected ContentEncoder createContentEncoder(
                long length, WritableByteChannel channel, SessionOutputBuffer buffer, BasicHttpTransportMetrics metrics)
                throws HttpException {
            ContentEncoder encoder = super.createContentEncoder(length, channel, buffer, metrics);
            Http1Attempt attempt = connection == null ? null : connection.attempt();
            return length == ContentLengthStrategy.CHUNKED && attempt != null
                    ? new ChunkedRequest(encoder, attempt::isBodyEnded)
                    : encoder;
        }
    }
}
