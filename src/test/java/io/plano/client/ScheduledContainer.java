package io.plano.client;

import io.plano.http.Headers;
import io.plano.http.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container without sockets, as Tomcat behaves where it is hardest: what it takes back in a callback it completes, from
 * then on nobody but its own thread may touch the request, and a request that has been ended is ended no second time. Every
 * touch is a place where a test can have something else happen first.
 */
final class ScheduledContainer implements ResponseEnding, ResponseOutput {
    /** How the client sees the answer. */
    enum End {
        OPEN,
        WHOLE,
        CUT
    }

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final List<String> violations = new ArrayList<>();
    private final int takesPieces;
    private final Runnable beforeTouch;
    private int pieces;
    private volatile boolean drained;
    private volatile boolean breaks;
    private volatile boolean thrown;
    private volatile End end = End.OPEN;
    private volatile @Nullable Thread owner;
    private int status;

    /**
     * @param takesPieces after so many the client reads no more, until {@link #drain}
     * @param beforeTouch called before every call into the container
     */
    ScheduledContainer(int takesPieces, Runnable beforeTouch) {
        this.takesPieces = takesPieces;
        this.beforeTouch = beforeTouch;
    }

    End end() {
        return end;
    }

    int status() {
        return status;
    }

    String body() {
        return body.toString(StandardCharsets.UTF_8);
    }

    List<String> violations() {
        return violations;
    }

    /** The connection is gone, which the next write or flush meets; the container then tells of it. */
    void breakAtNextWrite() {
        breaks = true;
    }

    /** Whether a write or flush has met that, so that {@link #fail} has to follow. */
    boolean hasThrown() {
        return thrown;
    }

    private void meetBreak() throws IOException {
        if (breaks) {
            thrown = true;
            throw new IOException("connection reset");
        }
    }

    /** Whether the client takes whatever comes. */
    boolean reads() {
        return drained || takesPieces == Integer.MAX_VALUE;
    }

    void drain() {
        drained = true;
    }

    /** The application is not available any more: Tomcat asks for the request, and ends what is left of it. */
    void timeOut(ContainerNotices notices) {
        if (end == End.OPEN) {
            notices.withdrawn();
            takeBack(End.WHOLE);
        }
    }

    /** A read or write failed. */
    void fail(ContainerNotices notices) {
        notices.lost();
        takeBack(End.CUT);
    }

    private void takeBack(End withoutOne) {
        if (end == End.OPEN) {
            end = withoutOne;
        }
        owner = Thread.currentThread();
    }

    private void touch(String call) {
        beforeTouch.run();
        Thread only = owner;
        if (only != null && only != Thread.currentThread()) {
            violations.add(call + " on a request that was taken back");
        }
    }

    private void endAs(End how) {
        if (end != End.OPEN) {
            throw new IllegalStateException("ended already");
        }
        end = how;
    }

    @Override
    public boolean canSend(Headers fields) {
        return true;
    }

    @Override
    public void complete() {
        touch("complete");
        endAs(End.WHOLE);
    }

    @Override
    public void abort() {
        touch("abort");
        if (end == End.OPEN) {
            end = End.CUT;
        }
    }

    @Override
    public void cut() {
        abort();
    }

    @Override
    public void release() {
        touch("release");
        if (end == End.OPEN) {
            end = End.WHOLE;
        }
    }

    @Override
    public boolean callsBackOnItsOwnThreads() {
        return true;
    }

    @Override
    public void addHeaders(Headers fields) {
        throw new AssertionError("of no exchange here");
    }

    @Override
    public boolean isReady() {
        touch("isReady");
        boolean ready = drained || pieces < takesPieces;
        touch("the answer of isReady"); // before which the callback may come
        return ready;
    }

    @Override
    public void head(ResponseHead head) {
        touch("head");
        status = head.status();
        touch("the rest of the head");
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        touch("write");
        meetBreak();
        pieces++;
        body.writeBytes(bytes);
    }

    @Override
    public void flush() throws IOException {
        touch("flush");
        meetBreak();
    }
}
