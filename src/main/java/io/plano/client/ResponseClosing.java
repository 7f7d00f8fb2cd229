package io.plano.client;

import io.plano.failure.GatewayException;
import org.jspecify.annotations.Nullable;

/**
 * The one end of a response: who is told of it, in which order, and who ends it in the container. Used by the loop of one
 * {@link ResponseBridge}, but for {@link #leaveToContainer}, {@link #tells} and {@link #handover}, which are any thread's.
 */
final class ResponseClosing implements Runnable {
    private final ResponseEnding ending;
    private final @Nullable ClientWatch watch;
    private final Handover handover = new Handover();
    private volatile boolean containerEnds;
    private volatile @Nullable GatewayException told;
    private volatile @Nullable SerialLoop reading;

    /** Set before anybody else can end the response. */
    private ResponseOwner owner = ResponseOwner.NOBODY;

    // Touched by the loop only.
    private boolean closed;
    private @Nullable GatewayException reported;
    private @Nullable GatewayException endedBy;

    ResponseClosing(ResponseEnding ending, @Nullable ClientWatch watch) {
        this.ending = ending;
        this.watch = watch;
    }

    /** The loop that reads the request of this response. */
    void readBy(SerialLoop requestLoop) {
        reading = requestLoop;
    }

    /** The loop that reads the request; null if nobody does. */
    @Nullable
    SerialLoop reader() {
        return reading;
    }

    void ownedBy(ResponseOwner responseOwner) {
        owner = responseOwner;
    }

    ResponseOwner owner() {
        return owner;
    }

    /** The container ends the response in a callback of its own: nobody else may. */
    void leaveToContainer() {
        containerEnds = true;
    }

    /** The answer says so itself, and is whole all the same. */
    void tells(GatewayException failure) {
        told = failure;
    }

    /** The client is told of this in a whole answer. */
    void report(GatewayException failure) {
        reported = failure;
    }

    /** Whether it is. */
    boolean hasReported() {
        return reported != null;
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Ends it. Each of those concerned hears of it, whatever becomes of the others.
     *
     * @param cause null if the client has the whole of some answer
     */
    void close(@Nullable GatewayException cause) {
        closed = true;
        // First, so that nothing is read from a request that the container takes back once it is complete.
        try {
            if (watch != null) {
                watch.release();
            }
        } finally {
            try {
                owner.closed(cause != null ? cause : reported != null ? reported : told);
            } finally {
                endedBy = cause;
                SerialLoop reader = reading;
                if (reader == null) {
                    run();
                } else {
                    reader.finish(this); // a container may not take a request back that somebody still reads
                }
            }
        }
    }

    /** Ends it in the container. Made beforehand: there may be no memory for another object. */
    @Override
    public void run() {
        try {
            end(endedBy);
        } finally {
            handover.over();
        }
    }

    private void end(@Nullable GatewayException cause) {
        if (containerEnds) {
            return; // its own thread ends it: another could meet the next client's request in these objects
        }
        if (cause == null) {
            handover.whole();
            ending.complete();
        } else {
            ending.abort();
        }
    }

    Handover handover() {
        return handover;
    }
}
