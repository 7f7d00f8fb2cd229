package io.plano.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Answers every request with the same stream, as fast as it can, each event in a chunk and a write of its own. */
public final class StreamingProvider implements AutoCloseable {
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final ServerSocket server;
    private final byte[] first;
    private final byte[] delta;
    private final byte[] last;
    private final int events;

    private StreamingProvider(ServerSocket server, SampleStream stream, int events) {
        this.server = server;
        this.events = events;
        first = join(HEAD.getBytes(StandardCharsets.US_ASCII), chunk(stream.head()));
        delta = chunk(stream.delta());
        last = join(chunk(stream.tail()), "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** One that listens on a port of the loopback interface. */
    public static StreamingProvider start(SampleStream stream, int events) throws IOException {
        StreamingProvider provider =
                new StreamingProvider(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), stream, events);
        daemon(provider::accept);
        return provider;
    }

    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                client.setTcpNoDelay(true);
                daemon(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (Socket client = socket;
                InputStream in = new BufferedInputStream(client.getInputStream());
                OutputStream out = client.getOutputStream()) {
            while (skipRequest(in)) {
                out.write(first);
                for (int i = 0; i < events; i++) {
                    out.write(delta);
                }
                out.write(last);
            }
        } catch (IOException gone) {
            // so is the benchmark
        }
    }

    private static boolean skipRequest(InputStream in) throws IOException {
        int length = 0;
        for (String line = line(in); line != null; line = line(in)) {
            if (line.isEmpty()) {
                in.skipNBytes(length);
                return true;
            }
            if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        return false;
    }

    private static @Nullable String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return null;
    }

    private static byte[] chunk(byte[] data) {
        byte[] size = (Integer.toHexString(data.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        return join(join(size, data), new byte[] {'\r', '\n'});
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "provider");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
