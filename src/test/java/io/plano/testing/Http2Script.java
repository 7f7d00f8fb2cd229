package io.plano.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.apache.hc.core5.http2.hpack.HPackEncoder;
import org.apache.hc.core5.util.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 server that sends what a test tells it to, frame by frame, right or wrong. */
public final class Http2Script implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;
    public static final int PADDED = 8;

    private static final int SECONDS = 10;
    private static final int PREFACE_LENGTH = 24;

    private final SSLServerSocket server;
    private final BlockingQueue<Peer> accepted = new LinkedBlockingQueue<>();
    private final List<Peer> peers = new CopyOnWriteArrayList<>();

    /**
     * @param fields of {@code HEADERS}, as {@code name: value}
     */
    public record Frame(int type, int flags, int stream, byte[] payload, List<String> fields) {
        public int number() {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }

        public String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }

        public boolean isLast() {
            return (flags & END_STREAM) != 0;
        }
    }

    private Http2Script(SSLServerSocket server) {
        this.server = server;
    }

    public static Http2Script start(SSLContext context) {
        try {
            SSLServerSocket server = (SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            SSLParameters parameters = server.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            server.setSSLParameters(parameters);
            Http2Script script = new Http2Script(server);
            daemon(script::accept);
            return script;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "http2-script");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Peer peer = new Peer((SSLSocket) server.accept());
                peers.add(peer);
                daemon(peer::read);
            }
        } catch (IOException e) {
            // closed
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** How many connections there have been. */
    public int connections() {
        return peers.size();
    }

    /** The next connection, which has not been sent anything yet. */
    public Peer silent() throws InterruptedException {
        Peer peer = accepted.poll(SECONDS, TimeUnit.SECONDS);
        if (peer == null) {
            throw new AssertionError("no connection");
        }
        return peer;
    }

    /** The next connection, with settings exchanged. */
    public Peer next(int... settings) throws Exception {
        Peer peer = silent();
        peer.settings(settings);
        return peer;
    }

    @Override
    public void close() {
        try (SSLServerSocket closing = server) {
            for (Peer peer : peers) {
                peer.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One connection. */
    public final class Peer {
        private final SSLSocket socket;
        private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        private final HPackDecoder decoder = new HPackDecoder(4096, StandardCharsets.ISO_8859_1);
        private final HPackEncoder encoder = new HPackEncoder(4096, StandardCharsets.ISO_8859_1);
        private volatile boolean ended;
        private volatile boolean byteByByte;
        private volatile boolean deaf;
        private final CountDownLatch closed = new CountDownLatch(1);

        private Peer(SSLSocket socket) {
            this.socket = socket;
        }

        private void read() {
            try (DataInputStream in = new DataInputStream(socket.getInputStream())) {
                in.readNBytes(PREFACE_LENGTH);
                accepted.add(this);
                while (true) {
                    int lengthAndType = in.readInt();
                    int flags = in.readUnsignedByte();
                    int stream = in.readInt();
                    byte[] payload = in.readNBytes(lengthAndType >>> 8);
                    int type = lengthAndType & 0xff;
                    if (deaf) {
                        closed.await();
                    }
                    frames.add(new Frame(type, flags, stream, payload, type == HEADERS ? fields(payload) : List.of()));
                }
            } catch (IOException e) {
                ended = true;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        private List<String> fields(byte[] block) throws Exception {
            return decoder.decodeHeaders(ByteBuffer.wrap(block)).stream()
                    .map(field -> field.getName() + ": " + field.getValue())
                    .toList();
        }

        /** The next frame of that type; those of other types before it are forgotten. */
        public Frame await(int type) throws InterruptedException {
            Frame frame = frames.poll(SECONDS, TimeUnit.SECONDS);
            while (frame != null && frame.type() != type) {
                frame = frames.poll(SECONDS, TimeUnit.SECONDS);
            }
            if (frame == null) {
                throw new AssertionError("no frame of type " + type);
            }
            return frame;
        }

        /** Those that have come and nobody waited for. */
        public List<Frame> pending() {
            return List.copyOf(frames);
        }

        public void awaitEnd() {
            Await.until(java.time.Duration.ofSeconds(SECONDS), () -> "the connection is open", () -> ended);
        }

        /** From now on every byte is written, and encrypted, for itself. */
        public void byteByByte() {
            byteByByte = true;
        }

        public synchronized void frame(int type, int flags, int stream, byte... payload) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(9 + payload.length)
                    .putInt(payload.length << 8 | type)
                    .put((byte) flags)
                    .putInt(stream)
                    .put(payload);
            OutputStream out = socket.getOutputStream();
            if (byteByByte) {
                for (byte octet : bytes.array()) {
                    out.write(octet);
                }
            } else {
                out.write(bytes.array());
            }
        }

        public void settings(int... pairs) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(pairs.length * 3);
            for (int i = 0; i < pairs.length; i += 2) {
                bytes.putShort((short) pairs[i]).putInt(pairs[i + 1]);
            }
            frame(SETTINGS, 0, 0, bytes.array());
        }

        public byte[] block(String... namesAndValues) throws IOException {
            ByteArrayBuffer block = new ByteArrayBuffer(256);
            List<Header> fields = new ArrayList<>();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                fields.add(new BasicHeader(namesAndValues[i], namesAndValues[i + 1]));
            }
            encoder.encodeHeaders(block, fields, true);
            return block.toByteArray();
        }

        public void headers(int stream, int flags, String... namesAndValues) throws IOException {
            frame(HEADERS, flags | END_HEADERS, stream, block(namesAndValues));
        }

        public void data(int stream, int flags, String text) throws IOException {
            frame(DATA, flags, stream, text.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void reset(int stream, int code) throws IOException {
            frame(RST_STREAM, 0, stream, number(code));
        }

        public void goAway(int last, int code) throws IOException {
            frame(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(last).putInt(code).array());
        }

        public void windowUpdate(int stream, int increment) throws IOException {
            frame(WINDOW_UPDATE, 0, stream, number(increment));
        }

        private byte[] number(int number) {
            return ByteBuffer.allocate(4).putInt(number).array();
        }

        /** A whole answer. */
        public void answer(int stream, String body) throws IOException {
            headers(stream, 0, ":status", "200");
            data(stream, END_STREAM, body);
        }

        /** From the next frame on. */
        public void readNoMore() {
            deaf = true;
        }

        public void close() throws IOException {
            closed.countDown();
            socket.close();
        }

        public @Nullable String protocol() {
            return socket.getApplicationProtocol();
        }
    }
}
