package io.plano.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends the same request on one connection and reads each answer to its last chunk, without a look at what it says. */
public final class StreamingClient implements AutoCloseable {
    private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] request;
    private final byte[] buffer = new byte[64 << 10];

    private StreamingClient(Socket socket, byte[] request) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.request = request;
    }

    /** Connects to a port of the loopback interface. */
    public static StreamingClient connect(int port, String path, String body) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        String head = "POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer client-key\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
        return new StreamingClient(socket, (head + body).getBytes(StandardCharsets.US_ASCII));
    }

    /** How many bytes an answer has. */
    public long exchange() throws IOException {
        out.write(request);
        long total = 0;
        int matched = 0;
        while (matched < LAST_CHUNK.length) {
            int count = in.read(buffer);
            if (count < 0) {
                throw new EOFException("the answer ended after " + total + " bytes");
            }
            total += count;
            int from = Math.max(0, count - LAST_CHUNK.length);
            matched = from > 0 ? 0 : matched;
            for (int i = from; i < count; i++) {
                matched = buffer[i] == LAST_CHUNK[matched] ? matched + 1 : buffer[i] == '\r' ? 1 : 0;
            }
        }
        return total;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
