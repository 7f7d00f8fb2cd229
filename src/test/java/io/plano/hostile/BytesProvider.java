package io.plano.hostile;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A provider that reads a request and answers with the same bytes each time, whatever they are, and then closes the
 * connection, at once or when no other request has come for a moment. Cheap, for a great many requests. Any thread may
 * change the bytes.
 */
final class BytesProvider implements AutoCloseable {
    /** For the rest of a request: a gateway that has begun to send one goes on. */
    private static final int PATIENCE_MILLIS = 500;

    private static final int NEXT_MILLIS = 20;

    /** What is sent, and whether the connection stays open behind it. */
    record Script(byte[] bytes, Ending ending) {}

    enum Ending {
        CLOSED,
        KEPT
    }

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "bytes-provider");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Script script = new Script(new byte[0], Ending.CLOSED);

    private BytesProvider(ServerSocket server) {
        this.server = server;
    }

    static BytesProvider start() {
        try {
            BytesProvider provider = new BytesProvider(new ServerSocket(0, 1000, InetAddress.getLoopbackAddress()));
            provider.threads.execute(provider::accept);
            return provider;
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    String baseUrl() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    void answerWith(Script next) {
        script = next;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException closed) {
            // by close()
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
            for (Script now = one(socket, in); now.ending() == Ending.KEPT; now = one(socket, in)) {
                socket.setSoTimeout(NEXT_MILLIS);
                if (!hasMore(in)) {
                    break;
                }
                socket.setSoTimeout(PATIENCE_MILLIS);
            }
            socket.shutdownOutput();
        } catch (IOException gone) {
            // the gateway wants no more of it
        }
    }

    private Script one(Socket socket, InputStream in) throws IOException {
        try {
            skipRequest(in);
        } catch (SocketTimeoutException unfinished) {
            // then it is answered early
        }
        Script now = script;
        socket.getOutputStream().write(now.bytes());
        return now;
    }

    private static boolean hasMore(InputStream in) throws IOException {
        try {
            in.mark(1);
            boolean more = in.read() >= 0;
            in.reset();
            return more;
        } catch (SocketTimeoutException silent) {
            return false;
        }
    }

    private static void skipRequest(InputStream in) throws IOException {
        long length = 0;
        boolean chunked = false;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(
                        lower.substring("content-length:".length()).strip());
            }
            chunked |= lower.startsWith("transfer-encoding:");
        }
        if (!chunked) {
            in.skipNBytes(length);
            return;
        }
        for (int size = size(in); size > 0; size = size(in)) {
            in.skipNBytes(size + 2);
        }
        while (!line(in).isEmpty()) {}
    }

    private static int size(InputStream in) throws IOException {
        String line = line(in);
        return line.isEmpty() ? 0 : Integer.parseInt(line.split(";", 2)[0].strip(), 16);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(80);
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** What the gateway gets for a request that nobody tampered with. */
    static Script json(String document) {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + document.length();
        return new Script((head + "\r\n\r\n" + document).getBytes(StandardCharsets.US_ASCII), Ending.CLOSED);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            server.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
