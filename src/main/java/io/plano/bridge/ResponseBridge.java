package io.plano.bridge;

import io.plano.body.SseTail;
import io.plano.budget.Holding;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.http.ResponseHead;
import io.plano.http.WholeAnswer;
import io.plano.upstream.Window;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The only writer of a client's response.
 *
 * <h2>Who calls</h2>
 *
 * The producer (reactor thread, or a container thread for the gateway's own answers) calls {@link #commit}, {@link
 * #data}, {@link #deliver}, {@link #end}, {@link #fail}; the container calls {@link ContainerCallbacks}. All of them only store and signal. {@link
 * #run} does the work, in a {@link SerialLoop}: one thread at a time, usually the reactor thread itself, because a
 * hand-off to the container costs more than the write.
 *
 * <h2>Flushing</h2>
 *
 * The head of a stream of events goes out at once; any other waits for the first bytes of its body. A body of known
 * length is not flushed: up to {@link #HOLD_LIMIT} it is even held back until it is whole, so that head and body leave in
 * one system call, and an upstream that dies before that can still be answered with a status. Any other body is flushed
 * when nothing more is queued: at once when the upstream is slow, many events together when it is fast.
 *
 * <h2>Memory</h2>
 *
 * A chunk's capacity goes back to the upstream when its bytes have been accepted by the container, so at most one
 * flow-control window waits here. {@link #QUEUE_LIMIT} is the second line: an upstream that ignores the window is cut. It
 * counts what was left lying before, and only of what is passed on as it came: an answer that the gateway wrote itself is
 * one piece of any size. What waits for a client that does not read is a {@link Backlog}, held in the memory budget.
 *
 * <h2>The end</h2>
 *
 * Exactly one of complete (the client can tell that it has everything) and abort (it can tell that it has not). Who ends it
 * is decided in the loop and nowhere else, but for a container that says on a thread of its own that it takes its request
 * back: {@link ContainerCallbacks}. What has no end by then is aborted, never completed.
 */
public final class ResponseBridge {
    /** Bodies of known length up to here leave in one piece; well below a flow-control window, which would stall. */
    static final int HOLD_LIMIT = 32 << 10;

    /** The most that may lie here while more comes as it is. */
    static final long QUEUE_LIMIT = 4L << 20;

    private final HttpServletResponse response;
    private final ResponseEnding ending;
    private ResponseOwner owner = ResponseOwner.NOBODY; // as out
    private final @Nullable ClientWatch watch;
    private final SerialLoop loop = new SerialLoop(this::run);
    private final PieceQueue queue = new PieceQueue();
    private final OwnWords own = new OwnWords();
    private final Backlog backlog;
    private final WindowCredit credit = new WindowCredit();
    private final WriteProgress progress = new WriteProgress();
    private final Handover handover = new Handover();

    private volatile @Nullable ResponseHead head;
    private volatile @Nullable Break broken;
    private volatile boolean ended;
    private volatile boolean clientGone;
    private volatile boolean containerKnows;
    private volatile @Nullable SerialLoop reading;
    private volatile boolean overflow;
    private volatile boolean keepAliveDue;
    private volatile @Nullable Break truncation;
    private volatile boolean failed;
    private volatile @Nullable GatewayException cut;

    private @Nullable ContainerOutput out; // set before anybody else knows of the response
    // Touched by the loop only.
    private boolean headWritten;
    private boolean unflushed;
    private boolean closed;
    private int lastPiece; // the container may still hold it
    private @Nullable SseTail events;
    private @Nullable GatewayException reported; // the client was told of it in a whole answer

    public ResponseBridge(
            HttpServletResponse response, ResponseEnding ending, @Nullable ClientWatch watch, Holding holding) {
        this.response = response;
        this.ending = ending;
        this.watch = watch;
        this.backlog = new Backlog(holding);
    }

    /** Called on the container thread that started the asynchronous request, before the container can call back. */
    void writeTo(ServletOutputStream stream, ResponseOwner responseOwner) {
        owner = responseOwner;
        out = new ContainerOutput(stream);
    }

    /** Fields that the answer carries whatever it becomes; to be called on that thread, before there can be one. */
    public void addHeaders(Headers fields) {
        ContainerOutput.addHeaders(fields, response);
    }

    /** Whether the client's container would send a head of these fields. */
    public boolean canSend(Headers fields) {
        return ending.canSend(fields);
    }

    /** The loop that reads the request of this response. */
    void readBy(SerialLoop requestLoop) {
        reading = requestLoop;
    }

    /** Decides the head; nothing is sent before there is a reason to. At most once. */
    public void commit(ResponseHead responseHead) {
        head = responseHead;
    }

    /** Takes a copy of all the bytes, to be sent with the next {@link #deliver} or {@link #end}. */
    public void data(ByteBuffer bytes) {
        if (queue.bytes() > QUEUE_LIMIT) {
            overflow();
        } else if (bytes.hasRemaining()) {
            data(PieceQueue.copyOf(bytes));
        }
    }

    /** As {@link #data(ByteBuffer)}, but takes the array itself, which the caller may not change any more. */
    public void data(byte[] chunk) {
        if (failed) {
            return; // an endless answer would put off its own end
        }
        long waiting = queue.add(chunk);
        if (waiting > Backlog.FREE && (isAwaitingWritable() || !progress.hasBegun()) && !backlog.grownTo(waiting)) {
            overflow();
        }
    }

    private void overflow() {
        overflow = true;
        loop.signal();
    }

    /**
     * So many bytes that are reserved for what is about to be handed over stay reserved until it has been written, and are
     * nobody else's to give back.
     */
    public void takeOver(long reservedBytes) {
        backlog.takeOver(reservedBytes);
    }

    /** What was handed over until now is to reach the client. */
    public void deliver() {
        loop.signal();
    }

    /**
     * As {@link #data(byte[])}.
     *
     * @param upstreamBytes how many bytes of the upstream it was made of: so much of the window is given back when all that
     *     is queued has been written
     */
    public void data(byte[] translated, int upstreamBytes) {
        credit.translated(upstreamBytes);
        data(translated);
    }

    /** The window to credit when queued bytes have been written. */
    public void windowSpent(Window window) {
        credit.spent(window);
        loop.signal();
    }

    /** The body is complete. */
    public void end() {
        ended = true;
        loop.signal();
    }

    /**
     * The body has ended, but nothing framed it: a stream of events is complete only where its last event says so. If
     * not, it fails as in {@link #fail}.
     */
    public void endUnframed(GatewayException truncated, byte[] lastWords) {
        truncation = new Break(truncated, null, lastWords);
        end();
    }

    /** Sends a comment line where the client has an event stream that is silent between two events. Any thread. */
    public void keepAlive() {
        keepAliveDue = true;
        loop.signal();
    }

    /**
     * The body will never be complete. What was queued still goes out, then {@code lastWords}, then the response is
     * aborted; but where nothing of it has gone out yet, {@code instead} is sent in its place.
     *
     * @param instead a whole answer, or null where there is none
     * @param lastWords an event that tells the client why, sent where the stream stands between two events; or null
     */
    public void fail(GatewayException cause, @Nullable WholeAnswer instead, byte @Nullable [] lastWords) {
        if (broken == null) {
            broken = new Break(cause, instead, lastWords);
            failed = true;
        }
        loop.signal();
    }

    /** Ends it now, whatever is still queued, and however slowly its client reads; what is over stays as it is. Any thread. */
    public void cut(GatewayException cause) {
        cut = cause;
        loop.signal();
    }

    /** How far the request is on its way back to the container. Any thread. */
    public Handover handover() {
        return handover;
    }

    /** The container ended the response. */
    void release() {
        leaveToContainer();
        handover.released();
    }

    /** What has been written so far. Any thread. */
    public WriteProgress progress() {
        return progress;
    }

    private void run() {
        if (closed) {
            return;
        }
        try {
            Break known = broken;
            GatewayException forced = cut;
            if (clientGone) {
                close(GatewayException.of(FailureKind.CLIENT_GONE, "The client closed its connection."));
            } else if (forced != null) {
                close(forced);
            } else if (known != null && !headWritten && known.instead() == null) {
                close(known.cause());
            } else if (overflow) {
                close(GatewayException.of(FailureKind.OVERLOADED, "The client reads too slowly for its provider."));
            } else if (!isAwaitingWritable()) {
                write();
            }
        } catch (IOException e) {
            containerKnows = true; // from whom else would the exception be; its callback follows
            closeGone(e);
        } catch (ContainerOutput.Lost e) {
            closeGone(e);
        } catch (Throwable defect) {
            fellShort();
        }
    }

    /** A defect in a turn of the loop: a whole answer says so while there is no head yet; afterwards only an abort does. */
    private void fellShort() {
        WholeAnswer instead = closed || headWritten || reported != null ? null : owner.lastResort();
        broken = instead == null ? Break.NO_MEANS : new Break(GatewayException.NO_MEANS, instead, null);
        if (!closed && (instead == null || !hasWritten())) {
            close(GatewayException.NO_MEANS);
        }
    }

    /** Once more; if the container does not take anything now, its callback continues. */
    private boolean hasWritten() {
        try {
            if (!isAwaitingWritable()) {
                write();
            }
            return true;
        } catch (Throwable again) {
            return closed;
        }
    }

    /** Ends the response without an answer, and without memory, if {@link #fail} was not possible. Any thread. */
    public void breakDown() {
        broken = Break.NO_MEANS;
        loop.signal();
    }

    /** To be called now and then: ends what could not be ended when there was no room on the stack for it. Any thread. */
    public void endIfStumbled() {
        if (loop.hasStumbled()) {
            breakDown();
        }
    }

    private void closeGone(Exception cause) {
        clientGone = true;
        if (!closed) {
            close(GatewayException.of(FailureKind.CLIENT_GONE, "The client closed its connection.", cause));
        }
    }

    private void write() throws IOException {
        ContainerOutput stream = out;
        if (broken != null && !headWritten) {
            replaceAnswer(broken);
        }
        ResponseHead responseHead = own.headOr(head);
        while (!closed
                && !clientGone
                && stream != null
                && responseHead != null
                && !isHeldBack(responseHead)
                && isWritable(stream)) {
            writeHead(responseHead);
            byte[] piece = own.begun() ? own.take() : queue.take();
            if (piece != null) {
                writePiece(stream, piece);
                credit.written(piece.length);
            } else if (unflushed && wantsFlush(responseHead)) {
                unflushed = false;
                stream.flush();
            } else if (broken != null) {
                finishBroken(broken);
            } else if (ended) {
                finish();
            } else if (keepAliveDue) {
                writeKeepAlive(stream);
            } else {
                credit.drained();
                backlog.drained();
                return;
            }
        }
    }

    /** Nothing has gone out: the client gets a whole answer after all. */
    private void replaceAnswer(Break cause) {
        WholeAnswer instead = cause.instead();
        if (instead == null || reported != null) {
            return;
        }
        queue.clear();
        own.say(instead.body(), instead.head());
        reported = cause.cause();
        ended = true;
        broken = null;
    }

    private void finish() {
        if (!own.begun() && !queue.isEmpty()) {
            return; // data came between the look at the queue and the look at the end
        }
        Break unless = truncation;
        if (unless != null && events != null && !events.isTerminated()) {
            truncation = null;
            broken = unless;
            ended = false;
        } else {
            close(null);
        }
    }

    private void writeKeepAlive(ContainerOutput stream) throws IOException {
        keepAliveDue = false;
        if (events != null && events.isAtEventBoundary()) {
            writePiece(stream, SseTail.keepAlive());
        }
    }

    private void finishBroken(Break cause) {
        byte[] lastWords = cause.lastWords();
        if (lastWords == null || events == null || !events.isAtEventBoundary()) {
            close(cause.cause());
            return;
        }
        queue.clear();
        own.say(lastWords, null);
        broken = new Break(cause.cause(), null, null);
    }

    private boolean isHeldBack(ResponseHead responseHead) {
        return !headWritten && !ended && broken == null && responseHead.waitsFor(queue.bytes(), HOLD_LIMIT);
    }

    /**
     * If the response will be aborted, what was written must be on its way: an abort drops a container's buffer. And a
     * stream stays one for its client even if it is complete at once: no container may give it a length.
     */
    private boolean wantsFlush(ResponseHead responseHead) {
        return broken != null
                || responseHead.delivery() == ResponseHead.Delivery.EVENTS
                || (!ended && !responseHead.hasKnownLength());
    }

    private boolean isAwaitingWritable() {
        ContainerOutput stream = out;
        return stream == null || stream.isAwaited();
    }

    private boolean isWritable(ContainerOutput stream) {
        if (stream.isWritable()) {
            return true;
        }
        credit.idle();
        if (!backlog.grownTo(queue.bytes() + lastPiece)) {
            overflow();
        }
        return false;
    }

    private void writeHead(ResponseHead responseHead) {
        if (headWritten) {
            return;
        }
        headWritten = true;
        progress.begin(responseHead.status());
        ContainerOutput.writeHead(responseHead, response);
        ending.announce(responseHead);
        if (responseHead.delivery() == ResponseHead.Delivery.EVENTS) {
            // The head of a stream goes out at once, so that its client learns that it was accepted.
            unflushed = true;
            events = new SseTail();
        }
    }

    private void writePiece(ContainerOutput stream, byte[] piece) throws IOException {
        stream.write(piece);
        progress.wrote(piece.length);
        lastPiece = piece.length;
        keepAliveDue = false;
        unflushed = true;
        if (events != null) {
            events.accept(piece, 0, piece.length);
        }
    }

    private void close(@Nullable GatewayException cause) {
        closed = true;
        queue.clear();
        // First, so that nothing is read from a request that the container takes back once it is complete.
        try {
            if (watch != null) {
                watch.release();
            }
        } finally {
            try {
                owner.closed(cause != null ? cause : reported);
            } finally {
                try {
                    end(cause);
                } finally {
                    handover.over();
                }
            }
        }
    }

    private void end(@Nullable GatewayException cause) {
        if (containerKnows) {
            return; // its own thread ends it: another could meet the next client's request in these objects
        }
        if (cause == null) {
            handover.whole();
            ending.complete();
        } else {
            ending.abort();
        }
    }

    /** The connection's owner noticed that the client has gone. Any thread. */
    void clientGone() {
        clientGone = true;
        loop.signal();
    }

    /** The container can take bytes. */
    void writable() {
        ContainerOutput stream = out;
        if (stream != null) {
            stream.awaitedCame();
        }
        loop.signal();
    }

    /** The container ends the response in a callback of its own: nobody else may. */
    void leaveToContainer() {
        containerKnows = true;
        clientGone();
    }

    /** Returns when no thread is in a read or write of this exchange. */
    void awaitIdle() {
        loop.awaitIdle();
        SerialLoop other = reading;
        if (other != null && ending.callsBackOnItsOwnThreads()) {
            other.awaitIdle();
        }
    }
}
