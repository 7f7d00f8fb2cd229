package io.plano.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http.impl.nio.ClientHttp1IOEventHandler;
import org.apache.hc.core5.http.impl.nio.ClientHttp1StreamDuplexer;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;

/**
 * The events of one HTTP/1.1 connection. Where a provider is faster than one small buffer at a time, several are read
 * before the exchange hears that it should send on what it got: a write to the client and a turn of the selector cost more
 * than all the rest. Reactor thread only.
 */
final class Http1Connection extends ClientHttp1IOEventHandler {
    /** Together half of the flow-control window, so that the other half may be read while these are written. */
    private static final int MAX_READS = 4;

    private final int worthAnother;
    private @Nullable UpstreamExchange exchange;
    private int received;

    Http1Connection(ClientHttp1StreamDuplexer duplexer, int bufferBytes) {
        super(duplexer);
        worthAnother = bufferBytes / 2;
    }

    /** Whose answer the connection brings; null when it is complete. */
    void serve(@Nullable UpstreamExchange served) {
        exchange = served;
    }

    @Nullable
    UpstreamExchange exchange() {
        return exchange;
    }

    /** That many bytes of a body came out of what was just read. */
    void received(int bytes) {
        received += bytes;
    }

    @Override
    public void inputReady(IOSession session, @Nullable ByteBuffer source) throws IOException {
        int reads = 0;
        do {
            received = 0;
            super.inputReady(session, reads == 0 ? source : null);
            reads++;
        } while (received >= worthAnother && exchange != null && reads < MAX_READS && session.isOpen());
        if (exchange != null) {
            exchange.paused();
        }
    }
}
