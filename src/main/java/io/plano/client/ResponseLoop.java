package io.plano.client;

import io.plano.body.SseTail;
import io.plano.budget.Holding;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.ResponseHead;
import io.plano.http.WholeAnswer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the response: the hard part of {@link ResponseBridge}. Its state is what was handed over ({@link ResponseInbox}),
 * what is written ({@link ResponseWriter}), and whether it has ended ({@link ResponseClosing}). Any thread signals; {@link
 * #run} is one thread's at a time.
 *
 * <h2>One turn</h2>
 *
 * The first line that applies:
 *
 * <pre>
 *   closed                                       nothing
 *   the client has gone                          close: CLIENT_GONE
 *   cut                                          close: its reason
 *   failed, no head out, no answer instead       close: its cause
 *   overflow                                     close: OVERLOADED
 *   the container has yet to call back           nothing; its callback signals
 *   otherwise, again and again:
 *     failed, no head out                        the answer instead takes the place of all that is queued
 *     no head, or held back, or not writable     nothing; whoever changes that signals
 *     a piece is queued                          write it (before the first one: the head)
 *     something is unflushed, and wants to be    flush
 *     failed, between two events                 last words, and then as the next line
 *     failed                                     close: its cause
 *     ended, but its last event is missing       failed
 *     ended                                      close: whole
 *     a keep-alive is due, between two events    a comment line
 *     nothing is left                            credit the upstream
 * </pre>
 *
 * What the output throws means that the client has gone. Any other defect is told in a whole answer if there is no head yet,
 * and otherwise by an abort.
 *
 * <h2>Flushing</h2>
 *
 * The head of a stream of events goes out at once; any other waits for the first bytes of its body. A body of known
 * length is not flushed: up to {@link #HOLD_LIMIT} it is even held back until it is whole, so that head and body leave in
 * one system call, and an upstream that dies before that can still be answered with a status. Any other body is flushed
 * when nothing more is queued: at once when the upstream is slow, many events together when it is fast.
 */
final class ResponseLoop {
    /** Bodies of known length up to here leave in one piece; well below a flow-control window, which would stall. */
    static final int HOLD_LIMIT = 32 << 10;

    private final SerialLoop loop = new SerialLoop(this::run);
    private final ResponseInbox inbox;
    private final ResponseWriter writer;
    private final ResponseClosing closing;
    private final Backlog backlog;
    private final WindowCredit credit = new WindowCredit();
    private final OwnWords own = new OwnWords(); // touched within a turn only

    ResponseLoop(ResponseInbox inbox, ResponseWriter writer, ResponseClosing closing, Holding holding) {
        this.inbox = inbox;
        this.writer = writer;
        this.closing = closing;
        this.backlog = new Backlog(holding);
    }

    /** Something was handed over that is to be dealt with. Any thread. */
    void signal() {
        loop.signal();
    }

    SerialLoop serial() {
        return loop;
    }

    Backlog backlog() {
        return backlog;
    }

    WindowCredit credit() {
        return credit;
    }

    /** So much waits now. If there is no room for it, the response ends. Any thread. */
    void grownTo(long waiting) {
        if (!backlog.grownTo(waiting)) {
            overflow();
        }
    }

    /** More waits than may. Any thread. */
    void overflow() {
        inbox.overflow();
        loop.signal();
    }

    private void run() {
        if (closing.isClosed()) {
            return;
        }
        try {
            GatewayException reason = inbox.endsNow(writer.hasBegun());
            if (reason != null) {
                close(reason);
            } else if (!writer.isAwaiting()) {
                write();
            }
        } catch (IOException e) {
            closing.leaveToContainer(); // from whom else would the exception be; its callback follows
            closeGone(e);
        } catch (ResponseOutput.Lost e) {
            closeGone(e);
        } catch (Throwable defect) {
            fellShort();
        }
    }

    private void write() throws IOException {
        Break known = inbox.broken();
        if (known != null && !writer.hasBegun()) {
            replaceAnswer(known);
        }
        ResponseHead head = own.headOr(inbox.head());
        while (!closing.isClosed()
                && !inbox.hasClientGone()
                && head != null
                && !isHeldBack(head)
                && isWritable()
                && step(head)) {}
    }

    /** One call of the output, or the end; false if nothing is left to do. */
    private boolean step(ResponseHead head) throws IOException {
        writer.begin(head);
        byte[] piece = own.begun() ? own.take() : inbox.queue().take();
        if (piece != null) {
            writePiece(piece);
            credit.written(piece.length);
        } else if (writer.hasUnflushed() && wantsFlush(head)) {
            writer.flush();
        } else {
            return endOrIdle();
        }
        return true;
    }

    private boolean endOrIdle() throws IOException {
        Break known = inbox.broken();
        if (known != null) {
            finishBroken(known);
        } else if (inbox.hasEnded()) {
            finish();
        } else if (inbox.isKeepAliveDue()) {
            writeKeepAlive();
        } else {
            credit.drained();
            backlog.drained();
            return false;
        }
        return true;
    }

    /** Nothing has gone out: the client gets a whole answer after all. */
    private void replaceAnswer(Break cause) {
        WholeAnswer instead = cause.instead();
        if (instead == null || closing.hasReported()) {
            return;
        }
        own.say(instead.body(), instead.head());
        closing.report(cause.cause());
        inbox.replaced();
    }

    private boolean isHeldBack(ResponseHead head) {
        return !writer.hasBegun()
                && !inbox.hasEnded()
                && inbox.broken() == null
                && head.waitsFor(inbox.queue().bytes(), HOLD_LIMIT);
    }

    private boolean isWritable() {
        if (writer.isWritable()) {
            return true;
        }
        credit.idle();
        grownTo(inbox.queue().bytes() + writer.lastPiece());
        return false;
    }

    /**
     * If the response will be aborted, what was written must be on its way: an abort drops a container's buffer. And a
     * stream stays one for its client even if it is complete at once: no container may give it a length.
     */
    private boolean wantsFlush(ResponseHead head) {
        return inbox.broken() != null
                || head.delivery() == ResponseHead.Delivery.EVENTS
                || (!inbox.hasEnded() && !head.hasKnownLength());
    }

    private void writePiece(byte[] piece) throws IOException {
        writer.write(piece);
        inbox.keptAlive();
    }

    private void writeKeepAlive() throws IOException {
        inbox.keptAlive();
        if (writer.isBetweenEvents()) {
            writePiece(SseTail.keepAlive());
        }
    }

    private void finish() {
        if (!own.begun() && !inbox.queue().isEmpty()) {
            return; // data came between the look at the queue and the look at the end
        }
        if (!writer.isUnterminated() || !inbox.truncates()) {
            close(null);
        }
    }

    private void finishBroken(Break cause) {
        byte[] lastWords = cause.lastWords();
        if (lastWords == null || !writer.isBetweenEvents()) {
            close(cause.cause());
            return;
        }
        own.say(lastWords, null);
        inbox.lastWordsSaid(cause.cause());
    }

    /** A defect in a turn: a whole answer says so while there is no head yet; afterwards only an abort does. */
    private void fellShort() {
        boolean isTold = closing.isClosed() || writer.hasBegun() || closing.hasReported();
        WholeAnswer instead = isTold ? null : closing.owner().lastResort();
        inbox.breakDown(instead == null ? Break.NO_MEANS : new Break(GatewayException.NO_MEANS, instead, null));
        if (!closing.isClosed() && (instead == null || !hasWritten())) {
            close(GatewayException.NO_MEANS);
        }
    }

    /** Once more; if the container does not take anything now, its callback continues. */
    private boolean hasWritten() {
        try {
            if (!writer.isAwaiting()) {
                write();
            }
            return true;
        } catch (Throwable again) {
            return closing.isClosed();
        }
    }

    private void closeGone(Exception cause) {
        inbox.clientGone();
        if (!closing.isClosed()) {
            close(GatewayException.of(FailureKind.CLIENT_GONE, "The client closed its connection.", cause));
        }
    }

    private void close(@Nullable GatewayException cause) {
        inbox.queue().clear();
        closing.close(cause);
    }
}
