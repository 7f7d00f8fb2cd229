package io.plano.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One accepted connection. A reader thread takes requests apart and notices at once when the peer leaves; a script
 * thread plays the replies. The reader interrupts the script thread when the connection ends, which frees it from
 * whatever it waits for.
 */
final class UpstreamConnection {
    private final FakeUpstream upstream;
    private final int number;
    private final Socket socket;
    private final WireReader wire;
    private final Thread reader;
    private final Thread script;
    private final BlockingQueue<UpstreamRequest> arrived = new LinkedBlockingQueue<>();
    private final CompletableFuture<ConnectionEnd> end = new CompletableFuture<>();
    private final AtomicLong bytesWritten = new AtomicLong();
    private final AtomicInteger due = new AtomicInteger();
    private volatile boolean closedHere;
    private int requestsRead;

    UpstreamConnection(FakeUpstream upstream, int number, Socket socket) {
        this.upstream = upstream;
        this.number = number;
        this.socket = socket;
        this.wire = new WireReader(socket);
        this.reader = thread("reader", this::readRequests);
        this.script = thread("script", this::answerRequests);
    }

    void start() {
        reader.start();
        script.start();
    }

    CompletableFuture<ConnectionEnd> end() {
        return end;
    }

    boolean isOpen() {
        return !end.isDone();
    }

    /** Whether it is open and not idle: a reply is due or under way, or our FIN is not answered yet. */
    boolean isBusy() {
        return isOpen() && due.get() > 0;
    }

    long bytesWritten() {
        return bytesWritten.get();
    }

    void write(byte[] bytes, int from, int length) throws IOException {
        socket.getOutputStream().write(bytes, from, length);
        bytesWritten.addAndGet(length);
    }

    void finish() throws IOException {
        socket.shutdownOutput();
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        shut();
    }

    void shut() throws IOException {
        closedHere = true;
        reader.interrupt();
        socket.close();
    }

    void join() throws InterruptedException {
        reader.join(FakeUpstream.STOP_MILLIS);
        script.join(FakeUpstream.STOP_MILLIS);
    }

    private Thread thread(String role, Runnable task) {
        Thread thread = new Thread(task, "fake-upstream-" + upstream.port() + "-" + number + "-" + role);
        thread.setDaemon(true);
        return thread;
    }

    private void readRequests() {
        ConnectionEnd.How how = ConnectionEnd.How.PEER_CLOSED;
        try {
            while (readRequest()) {
                requestsRead++;
            }
        } catch (EOFException cut) {
            how = ConnectionEnd.How.PEER_CLOSED;
        } catch (ProtocolException unreadable) {
            how = ConnectionEnd.How.CLOSED_HERE;
        } catch (IOException | InterruptedException reset) {
            how = ConnectionEnd.How.PEER_RESET;
        } finally {
            ended(closedHere ? ConnectionEnd.How.CLOSED_HERE : how);
        }
    }

    private void ended(ConnectionEnd.How how) {
        end.complete(new ConnectionEnd(how, System.nanoTime()));
        script.interrupt();
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // it is closed all the same
        }
    }

    private boolean readRequest() throws IOException, InterruptedException {
        byte[] head = wire.readHead();
        if (head == null) {
            return false;
        }
        UpstreamRequest request = new UpstreamRequest(number, requestsRead, head);
        due.incrementAndGet();
        arrived.add(request);
        upstream.passBodyGate();
        readBody(request);
        return true;
    }

    private void readBody(UpstreamRequest request) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        long length = 0;
        try {
            BodyReader bodyReader = BodyReader.ofRequest(request.head(), wire);
            byte[] buffer = new byte[8 << 10];
            for (int read = bodyReader.read(buffer); read >= 0; read = bodyReader.read(buffer)) {
                length += read;
                request.progressed(length);
                if (body.size() < UpstreamRequest.BODY_LIMIT) {
                    body.write(buffer, 0, read);
                }
            }
            request.received(wire.takeRecord(), body, length);
        } finally {
            request.cut(wire.takeRecord(), body, length); // without effect on one that was received
            upstream.publish(request);
        }
    }

    private void answerRequests() {
        try {
            boolean keepAlive = true;
            while (keepAlive) {
                keepAlive = answer(arrived.take());
            }
        } catch (IOException | InterruptedException peerLeft) {
            // the reader thread says how
        } catch (RuntimeException | Error brokenHandler) {
            resetQuietly();
            throw brokenHandler; // the thread's uncaught exception handler makes it known
        }
    }

    private boolean answer(UpstreamRequest request) throws IOException, InterruptedException {
        Reply reply = upstream.replyTo(request);
        if (!reply.isEarly() && !request.awaitComplete()) {
            return false;
        }
        upstream.publish(request); // before its answer, so that who has that also finds the request
        if (!new ReplyWire(this, reply).play()) {
            return false;
        }
        if (request.endsConnection()) {
            finish();
            return false;
        }
        due.decrementAndGet();
        return true;
    }

    private void resetQuietly() {
        try {
            reset();
        } catch (IOException alreadyBroken) {
            // nothing left to reset
        }
    }
}
