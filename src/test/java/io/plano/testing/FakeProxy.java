package io.plano.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy that knows {@code CONNECT} and remembers the heads that it was sent. Whatever host it is asked for, the
 * tunnel leads to the one port that it was given.
 */
public final class FakeProxy extends SocketRelay {
    /** Opens the tunnel. */
    public static final String ESTABLISHED = "HTTP/1.1 200 Connection established\r\nVia: 1.1 fake\r\n\r\n";

    private final int target;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private volatile String answer = ESTABLISHED;

    private FakeProxy(ServerSocket server, int target) {
        super(server);
        this.target = target;
    }

    /** @param target the loopback port behind every tunnel */
    public static FakeProxy start(int target) {
        try {
            FakeProxy proxy = new FakeProxy(new ServerSocket(0, 50, LOOPBACK), target);
            proxy.start();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is written in answer to a head from now on; empty for nothing, and a connection that stays open. */
    public FakeProxy answering(String bytes) {
        answer = bytes;
        return this;
    }

    @Override
    void serve(Socket client) throws IOException {
        heads.add(readHead(client.getInputStream()));
        String answering = answer;
        client.getOutputStream().write(answering.getBytes(StandardCharsets.ISO_8859_1));
        if (answering.contains(" 200 ")) {
            relay(client, target);
        } else if (answering.isEmpty()) {
            client.getInputStream().read();
        }
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                break;
            }
            head.write(octet);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Every head so far, with its empty line. */
    public List<String> heads() {
        return List.copyOf(heads);
    }
}
