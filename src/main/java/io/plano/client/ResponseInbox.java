package io.plano.client;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * What was handed over for a response and is not dealt with yet: the answer, and reasons to end it early. Any thread
 * stores; the loop looks, and it alone takes something back.
 */
final class ResponseInbox {
    private final PieceQueue queue = new PieceQueue();
    private volatile @Nullable ResponseHead head;
    private volatile boolean ended;
    private volatile @Nullable Break truncation;
    private volatile @Nullable Break broken;
    private volatile boolean failed;
    private volatile boolean keepAliveDue;
    private volatile boolean clientGone;
    private volatile boolean overflow;
    private volatile @Nullable GatewayException cut;

    /** Bytes of the body. */
    PieceQueue queue() {
        return queue;
    }

    void commit(ResponseHead responseHead) {
        head = responseHead;
    }

    void end() {
        ended = true;
    }

    /** It has ended, which proves nothing: if its last event is missing, it breaks by this. */
    void endUnframed(Break truncated) {
        truncation = truncated;
        ended = true;
    }

    /** Breaks; what came first counts. */
    void fail(Break by) {
        if (broken == null) {
            broken = by;
            failed = true;
        }
    }

    /** Breaks by a defect, which counts whatever came first. */
    void breakDown(Break by) {
        broken = by;
    }

    /** Whether what comes now comes too late. */
    boolean hasFailed() {
        return failed;
    }

    void keepAlive() {
        keepAliveDue = true;
    }

    void clientGone() {
        clientGone = true;
    }

    void overflow() {
        overflow = true;
    }

    void cut(GatewayException cause) {
        cut = cause;
    }

    // The rest is the loop's.

    /**
     * Why the response ends now, whatever is queued; null if it does not.
     *
     * @param begun whether its head is out
     */
    @Nullable
    GatewayException endsNow(boolean begun) {
        Break known = broken;
        GatewayException forced = cut;
        if (clientGone) {
            return GatewayException.of(FailureKind.CLIENT_GONE, "The client closed its connection.");
        }
        if (forced != null) {
            return forced;
        }
        if (known != null && !begun && known.instead() == null) {
            return known.cause();
        }
        return overflow
                ? GatewayException.of(FailureKind.OVERLOADED, "The client reads too slowly for its provider.")
                : null;
    }

    @Nullable
    ResponseHead head() {
        return head;
    }

    boolean hasClientGone() {
        return clientGone;
    }

    boolean hasEnded() {
        return ended;
    }

    @Nullable
    Break broken() {
        return broken;
    }

    /** What was broken is whole again: it has become another answer, which is all there. */
    void replaced() {
        queue.clear();
        ended = true;
        broken = null;
    }

    /** What was broken stays so, and there is nothing left to say. */
    void lastWordsSaid(GatewayException cause) {
        queue.clear();
        broken = new Break(cause, null, null);
    }

    /** Whether it breaks, since it lacks its last event; once. */
    boolean truncates() {
        Break by = truncation;
        if (by == null) {
            return false;
        }
        truncation = null;
        broken = by;
        ended = false;
        return true;
    }

    boolean isKeepAliveDue() {
        return keepAliveDue;
    }

    /** Something has been written, or cannot be. */
    void keptAlive() {
        keepAliveDue = false;
    }
}
