package io.plano.upstream.attempt;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.failure.Guard;
import io.plano.http.Headers;
import io.plano.upstream.RepeatableBody;
import io.plano.upstream.RequestBody;
import io.plano.upstream.UpstreamCall;
import io.plano.upstream.UpstreamListener;
import io.plano.upstream.UpstreamListener.Content;
import io.plano.upstream.UpstreamRequest;
import io.plano.upstream.Window;
import io.plano.upstream.attempt.UpstreamFailures.Phase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The state of one attempt, on whatever {@link Carrier} it stands: one after the other, where a connection turns out to be
 * dead or a server refuses to look at the request. It tells its listener of the end exactly once.
 *
 * <pre>
 *   RUNNING ─ {@link #end} ─▶ COMPLETE
 *   RUNNING ─ {@link #fail} ─▶ FAILED
 *   RUNNING ─ {@link #expire} ─▶ EXPIRED ─ {@link #fail} ─▶ FAILED
 *   RUNNING, EXPIRED ─ {@link #abort} ─▶ ABORTED
 * </pre>
 *
 * {@link #abort} and {@link #expire} come from any thread, everything else from the carrier's reactor thread, or from the
 * thread that starts it there, in turn.
 */
public final class UpstreamAttempt implements UpstreamCall {
    /** A head of an answer that is larger than what providers send, in bytes: {@link UpstreamListener#headGrew}. */
    public static final int LARGE_HEAD = 16 << 10;

    /** So many servers may refuse to look at it; what none of them takes has to be said to fail. */
    private static final int MAX_REFUSALS = 5;

    private final UpstreamRequest request;
    private final @Nullable RequestBody body;
    private final UpstreamListener listener;
    private final Carriers carriers;

    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private volatile @Nullable Carrier carrier;
    private volatile Phase phase = Phase.CONNECTING;
    private int refusals;

    /** Where the attempt stands for its listener. */
    private enum State {
        RUNNING,
        /** The answer is complete. Only then may the connection serve another attempt. */
        COMPLETE,
        /** Its time is up; the listener has not heard of it. */
        EXPIRED,
        /** The listener knows of a failure. */
        FAILED,
        /** Nobody listens any more. */
        ABORTED
    }

    /** What a server that refused a request has been sent of it, apart from the head. */
    public enum Sent {
        NO_BODY,
        SOME_OF_THE_BODY
    }

    public UpstreamAttempt(
            UpstreamRequest request, @Nullable RequestBody body, UpstreamListener listener, Carriers carriers) {
        this.request = request;
        this.body = body;
        this.listener = listener;
        this.carriers = carriers;
    }

    public UpstreamRequest request() {
        return request;
    }

    public @Nullable RequestBody body() {
        return body;
    }

    /** Whether any thread may read the body. */
    public boolean isBodyAtHand() {
        return body == null || body instanceof RepeatableBody;
    }

    public boolean isRunning() {
        return state.get() == State.RUNNING;
    }

    /** Whether the answer is, so that its connection may serve another attempt. */
    public boolean isComplete() {
        return state.get() == State.COMPLETE;
    }

    /** Whether nothing has come back of what was sent, or is about to be. */
    public boolean awaitsHead() {
        return phase == Phase.AWAITING_HEAD;
    }

    /** A connection is being made for it, and for nobody else: an abort ends it. */
    public void opening(Carrier connection) {
        carrier = connection;
        if (!isRunning()) {
            connection.cut();
        }
    }

    /**
     * Puts the attempt on a carrier.
     *
     * @return whether the request is to be sent; where not, it is over, the carrier is to be given up, and {@link
     *     #endUnsent} to be called behind that
     */
    public boolean startOn(Carrier next) {
        carrier = next;
        phase = Phase.AWAITING_HEAD;
        // Read after the two are written, while abort() and expire() do it the other way round: one of them sees the
        // other.
        return isRunning();
    }

    /** It was over before it was sent, and perhaps the listener does not know yet. */
    public void endUnsent() {
        if (state.get() == State.EXPIRED) {
            fail(UpstreamFailures.tookTooLong());
        }
    }

    @Override
    public void abort() {
        // Behind this the connection is not given back, so that it cannot be somebody else's when it is closed.
        if (!state.compareAndSet(State.RUNNING, State.ABORTED) && !state.compareAndSet(State.EXPIRED, State.ABORTED)) {
            return;
        }
        cut();
    }

    /** A defect while it was being sent: it ends, with what carries it. Never fails. */
    public void breakDown(Throwable defect) {
        Guard.quietly(() -> fail(UpstreamFailures.classify(defect, phase)));
        Guard.quietly(this::cut);
    }

    private void cut() {
        Carrier current = carrier;
        if (current != null) {
            current.cut();
        }
    }

    /**
     * The attempt has taken all the time that it may take. With a connection, the reactor thread hears of its loss and
     * fails the attempt; before that there is nobody else to do it. Called on the timer's thread.
     */
    void expire() {
        if (!state.compareAndSet(State.RUNNING, State.EXPIRED)) {
            return;
        }
        if (phase == Phase.CONNECTING) {
            fail(UpstreamFailures.tookTooLong());
        }
        cut(); // it cannot be somebody else's by now: that of an expired attempt is not given back
    }

    /** Of a head that is larger than {@link #LARGE_HEAD}. */
    public void headGrew(int bytes) {
        listener.headGrew(bytes);
    }

    /** As the listener's, which hears of all of these. */
    public void head(int status, Headers headers, Content content) {
        phase = Phase.READING_BODY;
        listener.head(status, headers, content);
    }

    public void windowSpent(Window window) throws IOException {
        listener.windowSpent(window);
    }

    public void data(ByteBuffer bytes) {
        listener.data(bytes);
    }

    /** Nothing more has arrived. */
    public void paused() {
        if (isRunning()) {
            listener.paused();
        }
    }

    /** The answer is complete. */
    public void end() {
        if (state.compareAndSet(State.RUNNING, State.COMPLETE)) {
            listener.end();
        }
    }

    /** The carrier has failed, or what it carries is none that could be understood. */
    public void failed(Exception cause) {
        fail(UpstreamFailures.classify(cause, phase));
    }

    /** It ends in this way, unless it has ended already. */
    public void fail(GatewayException failure) {
        if (state.compareAndSet(State.RUNNING, State.FAILED)) {
            listener.failed(failure);
        } else if (state.compareAndSet(State.EXPIRED, State.FAILED)) {
            listener.failed(UpstreamFailures.tookTooLong());
        }
    }

    /** It ends because the gateway does. */
    public void cancel() {
        fail(GatewayException.of(
                FailureKind.UPSTREAM_UNREACHABLE, "The gateway is shutting down; send the request again."));
    }

    /** Its connection was dead before it took anything: it goes on with a new one. */
    public void reconnect() {
        leaveCarrier();
        if (isRunning()) {
            carriers.connect(this);
        } else {
            released();
        }
    }

    /** The server has not processed the request and will not, so that sending it elsewhere repeats nothing. */
    public void refused(Sent sent) {
        leaveCarrier();
        refusals++;
        if (isRunning() && refusals <= MAX_REFUSALS && (sent == Sent.NO_BODY || rewindBody())) {
            carriers.begin(this);
            return;
        }
        try {
            releaseBody();
        } finally {
            fail(GatewayException.of(FailureKind.UPSTREAM_UNREACHABLE, "The model provider takes no requests."));
        }
    }

    private void releaseBody() {
        if (body != null) {
            body.release();
        }
    }

    private void leaveCarrier() {
        carrier = null;
        phase = Phase.CONNECTING;
    }

    private boolean rewindBody() {
        if (body instanceof RepeatableBody repeatable) {
            repeatable.rewind();
            return true;
        }
        return false;
    }

    /**
     * The carrier is done with it, and sends nothing more. Whoever still waits has waited for the end of what it was cut
     * off from.
     */
    public void released() {
        try {
            releaseBody();
        } finally {
            State now = state.get();
            if (now == State.RUNNING || now == State.EXPIRED) {
                fail(UpstreamFailures.cutOff(phase));
            }
        }
    }
}
