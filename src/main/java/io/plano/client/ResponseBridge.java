package io.plano.client;

import io.plano.budget.Holding;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.http.ResponseHead;
import io.plano.http.WholeAnswer;
import io.plano.upstream.Window;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The only writer of the response of an exchange. (What is refused before it becomes one is answered by the edge, on the
 * container's thread.)
 *
 * <h2>Who calls</h2>
 *
 * The producer (reactor thread, worker, or a container thread for the gateway's own answers) calls {@link #commit}, {@link
 * #data}, {@link #deliver}, {@link #end}, {@link #fail}; the container calls {@link ContainerNotices}. All of them only
 * store and signal. {@link ResponseLoop} does the work: one thread at a time, usually the reactor thread itself, because a
 * hand-off to the container costs more than the write.
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
 * back: {@link ContainerNotices}. What has no end by then is aborted, never completed.
 */
public final class ResponseBridge {
    /** The most that may lie here while more comes as it is. */
    static final long QUEUE_LIMIT = 4L << 20;

    private final ResponseOutput output;
    private final ResponseEnding ending;
    private final ResponseInbox inbox = new ResponseInbox();
    private final ResponseWriter writer;
    private final ResponseClosing closing;
    private final ResponseLoop loop;

    /**
     * @param watch tells of a client that leaves while nothing is written; null if nobody can
     * @param holding what the exchange holds in memory
     */
    public ResponseBridge(ResponseOutput output, ResponseEnding ending, @Nullable ClientWatch watch, Holding holding) {
        this.output = output;
        this.ending = ending;
        this.writer = new ResponseWriter(output);
        this.closing = new ResponseClosing(ending, watch);
        this.loop = new ResponseLoop(inbox, writer, closing, holding);
    }

    /** Called on the container thread that opened the exchange, before the container can call back. */
    void ownedBy(ResponseOwner owner) {
        closing.ownedBy(owner);
    }

    /** Fields that the answer carries whatever it becomes; to be called on that thread, before there can be one. */
    public void addHeaders(Headers fields) {
        output.addHeaders(fields);
    }

    /** Whether the client's container would send a head of these fields. */
    public boolean canSend(Headers fields) {
        return output.canSend(fields);
    }

    /** The loop that reads the request of this response. */
    void readBy(SerialLoop requestLoop) {
        closing.readBy(requestLoop);
    }

    /** Decides the head; nothing is sent before there is a reason to. At most once. */
    public void commit(ResponseHead responseHead) {
        inbox.commit(responseHead);
    }

    /** Takes a copy of all the bytes, to be sent with the next {@link #deliver} or {@link #end}. */
    public void data(ByteBuffer bytes) {
        if (inbox.queue().bytes() > QUEUE_LIMIT) {
            loop.overflow();
        } else if (bytes.hasRemaining()) {
            data(PieceQueue.copyOf(bytes));
        }
    }

    /** As {@link #data(ByteBuffer)}, but takes the array itself, which the caller may not change any more. */
    public void data(byte[] chunk) {
        if (inbox.hasFailed()) {
            return; // an endless answer would put off its own end
        }
        long waiting = inbox.queue().add(chunk);
        if (waiting > Backlog.FREE && (writer.isAwaiting() || !writer.progress().hasBegun())) {
            loop.grownTo(waiting);
        }
    }

    /**
     * As {@link #data(byte[])}.
     *
     * @param upstreamBytes how many bytes of the upstream it was made of: so much of the window is given back when all that
     *     is queued has been written
     */
    public void data(byte[] translated, int upstreamBytes) {
        loop.credit().translated(upstreamBytes);
        data(translated);
    }

    /**
     * So many bytes that are reserved for what is about to be handed over stay reserved until it has been written, and are
     * nobody else's to give back.
     */
    public void takeOver(long reservedBytes) {
        loop.backlog().takeOver(reservedBytes);
    }

    /** What was handed over until now is to reach the client. */
    public void deliver() {
        loop.signal();
    }

    /** The window to credit when queued bytes have been written. */
    public void windowSpent(Window window) {
        loop.credit().spent(window);
        loop.signal();
    }

    /** The body is complete. */
    public void end() {
        inbox.end();
        loop.signal();
    }

    /** The same for a body whose last word says what went wrong: it is whole, and its owner hears of the failure. */
    public void endTold(GatewayException failure) {
        closing.tells(failure);
        end();
    }

    /**
     * The body has ended, but nothing framed it: a stream of events is complete only if its last event says so. If not, it
     * fails as in {@link #fail}.
     */
    public void endUnframed(GatewayException truncated, byte[] lastWords) {
        inbox.endUnframed(new Break(truncated, null, lastWords));
        loop.signal();
    }

    /** Sends a comment line if the client has an event stream that is silent between two events. Any thread. */
    public void keepAlive() {
        inbox.keepAlive();
        loop.signal();
    }

    /**
     * The body will never be complete. What was queued still goes out, then {@code lastWords}, then the response is
     * aborted; but if nothing of it has gone out yet, {@code instead} is sent in its place. Any thread.
     *
     * @param instead a whole answer, or null if there is none
     * @param lastWords an event that tells the client why, sent if the stream stands between two events; or null
     */
    public void fail(GatewayException cause, @Nullable WholeAnswer instead, byte @Nullable [] lastWords) {
        if (inbox.broken() == null) {
            inbox.fail(new Break(cause, instead, lastWords));
        }
        loop.signal();
    }

    /** Ends it now, whatever is still queued, and however slowly its client reads; what is over stays as it is. Any thread. */
    public void cut(GatewayException cause) {
        inbox.cut(cause);
        loop.signal();
    }

    /** Ends the response without an answer, and without memory, if {@link #fail} was not possible. Any thread. */
    public void breakDown() {
        inbox.breakDown(Break.NO_MEANS);
        loop.signal();
    }

    /** To be called now and then: ends what could not be ended when there was no room on the stack for it. Any thread. */
    public void endIfStumbled() {
        if (loop.serial().hasStumbled()) {
            breakDown();
        }
    }

    /** How far the request is on its way back to the container. Any thread. */
    public Handover handover() {
        return closing.handover();
    }

    /** What has been written so far. Any thread. */
    public WriteProgress progress() {
        return writer.progress();
    }

    /** The connection's owner noticed that the client has gone. Any thread. */
    void clientGone() {
        inbox.clientGone();
        loop.signal();
    }

    /** The container can take bytes. */
    void writable() {
        writer.awaitedCame();
        loop.signal();
    }

    /** The container ends the response in a callback of its own: nobody else may. */
    void leaveToContainer() {
        closing.leaveToContainer();
        clientGone();
    }

    /** The container has done with the request. */
    void release() {
        leaveToContainer();
        closing.handover().released();
    }

    /** Returns when no thread is in a read or write of this exchange; at once on a thread that is. */
    void awaitIdle() {
        loop.serial().awaitIdle();
        SerialLoop other = closing.reader();
        if (other != null && ending.callsBackOnItsOwnThreads()) {
            other.awaitIdle();
        }
    }
}
