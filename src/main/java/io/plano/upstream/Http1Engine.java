package io.plano.upstream;

import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.nio.ClientHttp1IOEventHandler;
import org.apache.hc.core5.http.impl.nio.ClientHttp1StreamDuplexerFactory;
import org.apache.hc.core5.http.protocol.DefaultHttpProcessor;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.ProtocolIOSession;

/** Puts HTTP/1.1 on connections. Safe for every thread. */
final class Http1Engine {
    /** No interceptors: the header table decides every field. */
    private static final HttpProcessor NO_PROCESSING = new DefaultHttpProcessor(new HttpRequestInterceptor[0]);

    private final Http1Config config;

    Http1Engine(Http1Config config) {
        this.config = config;
    }

    /** An engine for one connection: what reads its heads has to know what it wrote, so it shares nothing. */
    IOEventHandler on(ProtocolIOSession session) {
        HeadGuard heads = new HeadGuard(config);
        ClientHttp1StreamDuplexerFactory duplexers = new ClientHttp1StreamDuplexerFactory(
                NO_PROCESSING, config, CharCodingConfig.DEFAULT, null, heads::parser, heads::writer, null);
        return new ClientHttp1IOEventHandler(duplexers.create(session));
    }
}
