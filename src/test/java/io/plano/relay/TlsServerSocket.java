package io.plano.relay;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Accepts TLS connections, whose handshake the first read does, and notes which protocols clients offer (ALPN). */
final class TlsServerSocket extends ServerSocket {
    private final SSLContext context;
    private final Queue<List<String>> offers = new ConcurrentLinkedQueue<>();

    TlsServerSocket(SSLContext context) throws IOException {
        this.context = context;
    }

    /** One list for each client that offered any. */
    Queue<List<String>> offers() {
        return offers;
    }

    @Override
    public Socket accept() throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(super.accept(), null, true);
        socket.setHandshakeApplicationProtocolSelector((handshaking, offered) -> {
            offers.add(List.copyOf(offered));
            return offered.contains("h2") ? "h2" : offered.get(0); // as servers do that prefer HTTP/2
        });
        return socket;
    }
}
