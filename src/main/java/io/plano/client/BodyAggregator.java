package io.plano.client;

import io.plano.body.ByteSegments;
import io.plano.budget.Holding;
import io.plano.budget.MemoryBudget;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request body whole, without ever waiting for a byte, and no further than memory is reserved for it: a declared
 * length at once, before the first byte, an unknown one step by step. A body that is already there, as small ones are, is
 * read in place; any other arrives through the container's callbacks, in a loop like {@link ResponseBridge}'s, with the same
 * rule of arming before asking. What there is no room for stays in the client's connection for a moment, and
 * then the request is refused.
 */
final class BodyAggregator implements MemoryBudget.Waiter {
    private final RequestInput input;
    private final RequestReader in;
    private final long declaredLength;
    private final Reserved reserved;
    private final long limit;
    private final BodyReceiver receiver;
    private final ByteSegments.Builder bytes;
    private final SerialLoop loop = new SerialLoop(this::run);

    private volatile boolean awaitingRoom;
    private volatile boolean outOfRoom;
    private volatile @Nullable Throwable broken;

    // Touched by the loop only, and while it awaits room by whoever grants it.
    private boolean finished;
    private long room;
    private long asked;

    /**
     * What is reserved for the body.
     *
     * @param holding whose it is
     * @param bytes how many of them at the beginning
     */
    record Reserved(Holding holding, long bytes) {}

    /**
     * @param declaredLength -1 where it is unknown
     * @param reserved what is reserved for it already
     * @param limit the most bytes to hold
     */
    BodyAggregator(RequestInput input, long declaredLength, Reserved reserved, long limit, BodyReceiver receiver) {
        this.input = input;
        this.in = new RequestReader(input, loop::signal, this::brokenOff);
        this.declaredLength = declaredLength;
        this.reserved = reserved;
        this.room = reserved.bytes();
        this.limit = limit;
        this.receiver = receiver;
        this.bytes = ByteSegments.builder(declaredLength);
    }

    /** What else reads the request has to wait for this. */
    SerialLoop loop() {
        return loop;
    }

    /** Called on the container thread that started the asynchronous request; the receiver may be called before it returns. */
    void start() throws IOException {
        if (declaredLength > limit) {
            refuseLength();
            return;
        }
        boolean roomForAll = declaredLength >= 0 && hasRoom();
        if (roomForAll && input.available() >= declaredLength) {
            while (bytes.length() < declaredLength && bytes.readFrom(input.stream()) >= 0) {}
            finish();
        } else if (!finished) {
            in.start();
        }
    }

    private void run() {
        try {
            while (!finished && goesOn()) {}
        } catch (IOException | RuntimeException e) {
            fail(input.explain(e));
        } catch (Error defect) {
            fail(GatewayException.internal(defect));
        }
    }

    /** One step; false where the next one has to wait. */
    private boolean goesOn() throws IOException {
        Throwable cause = broken;
        if (cause != null) {
            fail(input.explain(cause));
        } else if (outOfRoom) {
            fail(GatewayException.of(
                    FailureKind.OVERLOADED,
                    "The gateway has no memory left for this request at the moment; try again."));
        } else if (in.hasEnded()) {
            finish();
        } else if (!hasRoom()) {
            return false;
        } else {
            return receive();
        }
        return true;
    }

    /** Whether the next bytes may be read. If not, the loop is signalled when they may. */
    private boolean hasRoom() {
        if (awaitingRoom) {
            return false;
        }
        long wanted = declaredLength >= 0 ? declaredLength : bytes.length() + MemoryBudget.STEP;
        long more = wanted - room;
        if (more <= 0) {
            return true;
        }
        if (reserved.holding().reserve(more)) {
            room += more;
            return true;
        }
        if (!reserved.holding().canEverReserve(more + reserved.holding().held())) {
            refuseForEver();
            return false;
        }
        asked = more;
        awaitingRoom = true;
        reserved.holding().await(more, this);
        return false;
    }

    private boolean receive() throws IOException {
        if (!in.isReadable()) {
            return false;
        }
        if (in.read(bytes::readFrom) && bytes.length() > limit) {
            refuseLength();
        }
        return true;
    }

    @Override
    public void granted() {
        room += asked;
        awaitingRoom = false;
        loop.signal();
    }

    @Override
    public void refused() {
        outOfRoom = true;
        loop.signal();
    }

    private void brokenOff(Throwable cause) {
        broken = cause;
        loop.signal();
    }

    private void finish() {
        if (declaredLength >= 0 && bytes.length() < declaredLength) {
            fail(GatewayException.of(FailureKind.CLIENT_GONE, "The request body ended before it was complete."));
        } else if (!finished) {
            finished = true;
            receiver.received(bytes.build(), room - reserved.bytes());
        }
    }

    private void refuseLength() {
        fail(GatewayException.coded(
                FailureKind.BODY_TOO_LARGE,
                "request_too_large",
                "The request body is larger than the " + limit + " bytes that this gateway inspects."));
    }

    private void refuseForEver() {
        fail(GatewayException.coded(
                FailureKind.BODY_TOO_LARGE,
                "request_too_large",
                "The request body is larger than what this gateway may hold for one client."));
    }

    private void fail(GatewayException failure) {
        if (!finished) {
            finished = true;
            receiver.failed(failure);
        }
    }
}
