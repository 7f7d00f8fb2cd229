package io.plano.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An HTTP/1.1 client on one raw socket that writes what it is told and judges nothing. It reads only when asked: a
 * client that is not asked is a slow client. Reads fail with an {@link AssertionError} after {@link #patience} (ten
 * seconds unless set), broken connections with an {@link UncheckedIOException}. One thread at a time, but one may send
 * while another reads.
 */
public final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final WireReader wire;
    private volatile String lastMethod = "GET";
    private Duration patience = Duration.ofSeconds(10);

    private RawClient(Socket socket) {
        this.socket = socket;
        this.wire = new WireReader(socket);
    }

    /** Connects to this port of 127.0.0.1. */
    public static RawClient connect(int port) {
        return connected(new Socket(), port);
    }

    /** Connects with so small a receive buffer that a peer which writes is soon held up. */
    public static RawClient connectWithReceiveBuffer(int port, int bytes) {
        Socket socket = new Socket();
        try {
            socket.setReceiveBufferSize(bytes);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
        return connected(socket, port);
    }

    /** Connects from this address of the loopback network, such as 127.0.0.2, so as to be another client. */
    public static RawClient connectFrom(String address, int port) {
        Socket socket = new Socket();
        try {
            socket.bind(new InetSocketAddress(address, 0));
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
        return connected(socket, port);
    }

    private static RawClient connected(Socket socket, int port) {
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            return new RawClient(socket);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** How long a read waits before it fails. */
    public RawClient patience(Duration time) {
        patience = time;
        return this;
    }

    /** The port that it is connected to. */
    public int port() {
        return socket.getPort();
    }

    /** A request to build and send on this connection. */
    public RawRequest request(String method, String path) {
        return new RawRequest(this, method, path);
    }

    /** Writes exactly these bytes. */
    public RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Writes exactly this text, as UTF-8. */
    public RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes one chunk of a chunked body. */
    public RawClient sendChunk(String text) {
        return send(chunk(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes the final chunk. */
    public RawClient sendLastChunk() {
        return send(lastChunk());
    }

    /** Reads the next response head, interim responses before it included; its body is read by the response. */
    public RawResponse readResponse() {
        List<MessageHead> interim = new ArrayList<>();
        MessageHead head = readHead();
        while (RawResponse.isInterim(head)) {
            interim.add(head);
            head = readHead();
        }
        return new RawResponse(this, head, interim, bodyOf(head));
    }

    /** Everything received so far on this connection, framing included (up to 16 MiB). */
    public byte[] received() {
        return wire.received();
    }

    /** As {@link #received()}, read as UTF-8. */
    public String receivedText() {
        return new String(received(), StandardCharsets.UTF_8);
    }

    /** Throws away what still comes and waits until the peer has closed or reset the connection; fails when it does not. */
    public void awaitPeerClosed(Duration within) {
        byte[] discarded = new byte[8 << 10];
        wire.expectWithin(within);
        try {
            while (wire.read(discarded, discarded.length) >= 0) {}
        } catch (SocketTimeoutException open) {
            throw new AssertionError("the peer has not closed the connection within " + within, open);
        } catch (IOException reset) {
            return;
        }
    }

    /** Sends FIN and can still read. */
    public void finish() {
        try {
            socket.shutdownOutput();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Closes with RST. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Closes with FIN (after which the kernel answers further data with RST); again, or after a reset, does nothing. */
    @Override
    public void close() {
        try {
            if (!socket.isClosed() && !socket.isOutputShutdown()) {
                socket.shutdownOutput();
            }
        } catch (IOException alreadyBroken) {
            // then there is nobody to tell
        }
        try {
            socket.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static byte[] chunk(byte[] data) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes((Integer.toHexString(data.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        chunk.writeBytes(data);
        chunk.writeBytes(new byte[] {'\r', '\n'});
        return chunk.toByteArray();
    }

    static byte[] lastChunk() {
        return "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    }

    void expectAnswerTo(String method) {
        lastMethod = method;
    }

    Duration patience() {
        return patience;
    }

    void expectWithin(Duration time) {
        wire.expectWithin(time);
    }

    private MessageHead readHead() {
        wire.expectWithin(patience);
        try {
            byte[] head = wire.readHead();
            if (head == null) {
                throw new AssertionError("the peer closed the connection instead of answering");
            }
            return MessageHead.parse(head);
        } catch (SocketTimeoutException late) {
            throw new AssertionError("no response head within " + patience + "; received: " + receivedText(), late);
        } catch (IOException broken) {
            throw new UncheckedIOException("no whole response head", broken);
        }
    }

    private BodyReader bodyOf(MessageHead head) {
        int status = RawResponse.status(head);
        boolean bodiless = status == 101 || status == 204 || status == 304 || lastMethod.equals("HEAD");
        return bodiless ? BodyReader.none(wire) : BodyReader.ofResponse(head, wire);
    }
}
