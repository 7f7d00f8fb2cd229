package io.plano.client;

import io.plano.body.SseTail;
import io.plano.http.ResponseHead;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What of an answer has been written to its {@link ResponseOutput}. Used by the loop of one {@link ResponseBridge}, but for
 * {@link #isAwaiting}, {@link #awaitedCame} and {@link #progress}, which are any thread's.
 *
 * <h2>Readiness</h2>
 *
 * Non-blocking output has two traps. {@code isReady()} is no query: {@code false} arms a callback, and it must not be asked
 * again before that came. And the callback may come between the question and the note that it is awaited. So {@code
 * awaited} is set <em>before</em> asking, and cleared by whoever learns that it is writable: the loop on {@code true}, the
 * callback otherwise. Initially it is set, because the first writability is announced too.
 */
final class ResponseWriter {
    private final ResponseOutput out;
    private final WriteProgress progress = new WriteProgress();
    private volatile boolean awaited = true;

    // Touched by the loop only.
    private boolean begun;
    private boolean unflushed;
    private int lastPiece;
    private @Nullable SseTail events;

    ResponseWriter(ResponseOutput out) {
        this.out = out;
    }

    /** Whether the container has yet to call back. */
    boolean isAwaiting() {
        return awaited;
    }

    /** The container has called back. */
    void awaitedCame() {
        awaited = false;
    }

    /** Whether bytes may be written now; if not, the container calls back. */
    boolean isWritable() {
        awaited = true;
        boolean ready;
        try {
            ready = out.isReady();
        } catch (Error defect) {
            awaited = false; // no callback follows
            throw defect;
        }
        if (ready) {
            awaited = false;
        }
        return ready;
    }

    /** Whether the head has been given to the output: from then on there is no other answer. */
    boolean hasBegun() {
        return begun;
    }

    /** Gives the head to the output, if that has none yet. */
    void begin(ResponseHead head) {
        if (begun) {
            return;
        }
        begun = true;
        progress.begin(head.status());
        out.head(head);
        if (head.delivery() == ResponseHead.Delivery.EVENTS) {
            // The head of a stream goes out at once, so that its client learns that it was accepted.
            unflushed = true;
            events = new SseTail();
        }
    }

    void write(byte[] piece) throws IOException {
        out.write(piece);
        progress.wrote(piece.length);
        lastPiece = piece.length;
        unflushed = true;
        if (events != null) {
            events.accept(piece, 0, piece.length);
        }
    }

    /** Whether something has been written that may not be on its way. */
    boolean hasUnflushed() {
        return unflushed;
    }

    void flush() throws IOException {
        unflushed = false;
        out.flush();
    }

    /** The length of what was written last, which the container may still hold. */
    int lastPiece() {
        return lastPiece;
    }

    /** Whether a comment or an event of our own may follow. */
    boolean isBetweenEvents() {
        return events != null && events.isAtEventBoundary();
    }

    /** Whether this is a stream of events that lacks the last one of its format. */
    boolean isUnterminated() {
        return events != null && !events.isTerminated();
    }

    WriteProgress progress() {
        return progress;
    }
}
