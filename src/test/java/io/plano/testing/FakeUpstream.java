package io.plano.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An upstream on raw sockets that plays a {@link Reply} for each request and remembers what it received, to the byte.
 *
 * <p>Replies come from the queue first, else from the handler; without either the request waits for {@link #enqueue}. A
 * connection serves any number of requests. The send buffers are fixed at {@value #SEND_BUFFER} bytes, so that {@link
 * #bytesWritten()} says what a slow reader really took, give or take these. Close the gateway before its upstream: in a
 * {@link LeakChecked} test, closing this looks for connections that were left behind. All methods may be called by any
 * thread.
 */
public final class FakeUpstream implements AutoCloseable {
    static final long STOP_MILLIS = 5_000;
    static final int SEND_BUFFER = 64 << 10;

    private static final int DEFAULT_BUFFER = -1;

    private final ServerSocket server;
    private final Thread acceptor;
    private final List<UpstreamConnection> connections = new CopyOnWriteArrayList<>();
    private final List<UpstreamRequest> requests = new CopyOnWriteArrayList<>();
    private final BlockingQueue<UpstreamRequest> untaken = new LinkedBlockingQueue<>();
    private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    private volatile @Nullable Function<UpstreamRequest, Reply> handler;
    private volatile @Nullable Gate bodyGate;

    private FakeUpstream(ServerSocket server) {
        this.server = server;
        this.acceptor = new Thread(this::acceptConnections, "fake-upstream-" + server.getLocalPort() + "-acceptor");
        this.acceptor.setDaemon(true);
    }

    /** Listens on an ephemeral loopback port. */
    public static FakeUpstream start() {
        return startWithReceiveBuffer(DEFAULT_BUFFER);
    }

    /** As {@link #start()}, with so small receive buffers that a peer whose body is not read is soon held up. */
    public static FakeUpstream startWithReceiveBuffer(int bytes) {
        try {
            ServerSocket server = new ServerSocket();
            if (bytes != DEFAULT_BUFFER) {
                server.setReceiveBufferSize(bytes);
            }
            return startOn(server);
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }

    /** As {@link #start()}, on a server socket of the test's making that is not bound yet: for TLS. */
    public static FakeUpstream startOn(ServerSocket unbound) {
        try {
            unbound.bind(new InetSocketAddress("127.0.0.1", 0), 1024);
            FakeUpstream upstream = new FakeUpstream(unbound);
            upstream.acceptor.start();
            LeakWatch.started(upstream);
            return upstream;
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }

    /** For example {@code http://127.0.0.1:41234}, without a slash at the end. */
    public String baseUrl() {
        return "http://127.0.0.1:" + port();
    }

    /** The port that it listens on. */
    public int port() {
        return server.getLocalPort();
    }

    /** The next request that nobody answered otherwise gets this reply. */
    public FakeUpstream enqueue(Reply reply) {
        replies.add(reply);
        return this;
    }

    /**
     * Answers every request for which no reply is queued. The handler is called, by the connection's thread, when the
     * head is there; asking the request for its body waits for that. What it throws resets the connection and goes to
     * the thread's uncaught exception handler.
     */
    public FakeUpstream onRequest(Function<UpstreamRequest, Reply> newHandler) {
        handler = newHandler;
        return this;
    }

    /** From now on no request body is read before the gate opens; meanwhile a peer that leaves goes unnoticed. */
    public FakeUpstream readBodiesAfter(Gate gate) {
        bodyGate = gate;
        return this;
    }

    /** The next request not yet taken, once it is complete, cut off, or being answered early; fails when none comes. */
    public UpstreamRequest takeRequest(Duration within) throws InterruptedException {
        @Nullable UpstreamRequest request = untaken.poll(within.toNanos(), TimeUnit.NANOSECONDS);
        if (request == null) {
            throw new AssertionError("no request arrived within " + within);
        }
        return request;
    }

    /** All requests so far, taken or not. */
    public List<UpstreamRequest> requests() {
        return List.copyOf(requests);
    }

    /** How many connections were ever accepted. */
    public int connectionsAccepted() {
        return connections.size();
    }

    /** How many connections are open now. */
    public int openConnections() {
        return (int) connections.stream().filter(UpstreamConnection::isOpen).count();
    }

    /** How many connections are open and not idle: an answer is due or under way, or FIN was sent and not answered. */
    public int busyConnections() {
        return (int) connections.stream().filter(UpstreamConnection::isBusy).count();
    }

    /** How many bytes the sockets of all connections took so far. */
    public long bytesWritten() {
        return connections.stream().mapToLong(UpstreamConnection::bytesWritten).sum();
    }

    /** Waits until nothing more was written for this long, as behind a slow reader; gives the bytes written. */
    public long awaitWritesStalled(Duration quiet, Duration within) {
        long[] last = {bytesWritten(), System.nanoTime()};
        Await.until(within, () -> "writes go on, " + bytesWritten() + " bytes so far", () -> {
            long now = bytesWritten();
            if (now != last[0]) {
                last[0] = now;
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] >= quiet.toNanos();
        });
        return last[0];
    }

    /** Fails when a connection is still open after this time. */
    public void awaitNoOpenConnections(Duration within) {
        Await.until(within, () -> openConnections() + " connections are open", () -> openConnections() == 0);
    }

    /** How and when the connection of this number (from 0) ended; fails when it does not within this time. */
    public ConnectionEnd awaitConnectionClosed(int connection, Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        Await.until(
                within,
                () -> "connection " + connection + " was never accepted",
                () -> connections.size() > connection);
        try {
            return connections.get(connection).end().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException open) {
            throw new AssertionError("connection " + connection + " is still open after " + within, open);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Stops listening, ends every connection and waits for the threads. */
    @Override
    public void close() {
        LeakWatch.closing(this);
        try {
            server.close();
            join(acceptor);
            for (UpstreamConnection connection : connections) {
                connection.shut();
            }
            for (UpstreamConnection connection : connections) {
                connection.join();
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    Reply replyTo(UpstreamRequest request) throws InterruptedException {
        @Nullable Reply queued = replies.poll();
        @Nullable Function<UpstreamRequest, Reply> answering = handler;
        if (queued != null) {
            return queued;
        }
        return answering == null ? replies.take() : answering.apply(request);
    }

    void publish(UpstreamRequest request) {
        if (request.publishOnce()) {
            requests.add(request);
            untaken.add(request);
        }
    }

    void passBodyGate() throws InterruptedException {
        @Nullable Gate gate = bodyGate;
        if (gate != null) {
            gate.pass();
        }
    }

    private static void join(Thread thread) throws InterruptedException {
        thread.join(STOP_MILLIS);
    }

    private void acceptConnections() {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                socket.setSendBufferSize(SEND_BUFFER);
                UpstreamConnection connection = new UpstreamConnection(this, connections.size(), socket);
                connections.add(connection);
                connection.start();
            }
        } catch (IOException closed) {
            // close() ends the loop
        }
    }
}
