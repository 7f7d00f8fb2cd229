package io.plano.bridge;

import io.plano.body.ByteSegments;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/**
 * Reads a request body whole, without ever waiting for a byte. A body that is already there, as small ones are, is read
 * in place; any other arrives through the container's callbacks. Container threads only, one at a time.
 */
final class BodyAggregator implements ReadListener {
    private final ServletInputStream in;
    private final long declaredLength;
    private final long limit;
    private final BodyReceiver receiver;
    private final ByteSegments.Builder bytes;
    private boolean finished;

    /**
     * @param declaredLength -1 where it is unknown
     * @param limit the most bytes to hold
     */
    BodyAggregator(ServletInputStream in, long declaredLength, long limit, BodyReceiver receiver) {
        this.in = in;
        this.declaredLength = declaredLength;
        this.limit = limit;
        this.receiver = receiver;
        this.bytes = ByteSegments.builder(declaredLength);
    }

    /** Called on the container thread that started the asynchronous request; the receiver may be called before it returns. */
    void start() throws IOException {
        if (declaredLength > limit) {
            refuseLength();
        } else if (declaredLength >= 0 && in.available() >= declaredLength) {
            while (bytes.length() < declaredLength && bytes.readFrom(in) >= 0) {}
            finish();
        } else {
            in.setReadListener(this);
        }
    }

    @Override
    public void onDataAvailable() throws IOException {
        try {
            while (!finished && in.isReady()) {
                if (bytes.readFrom(in) < 0) {
                    return; // onAllDataRead follows
                }
                if (bytes.length() > limit) {
                    refuseLength();
                }
            }
        } catch (Error defect) {
            fail(GatewayException.internal(defect));
        }
    }

    @Override
    public void onAllDataRead() {
        finish();
    }

    @Override
    public void onError(Throwable cause) {
        fail(BrokenBody.of(cause));
    }

    private void finish() {
        if (declaredLength >= 0 && bytes.length() < declaredLength) {
            fail(GatewayException.of(FailureKind.CLIENT_GONE, "The request body ended before it was complete."));
        } else if (!finished) {
            finished = true;
            receiver.received(bytes.build());
        }
    }

    private void refuseLength() {
        fail(GatewayException.coded(
                FailureKind.BODY_TOO_LARGE,
                "request_too_large",
                "The request body is larger than the " + limit + " bytes that this gateway inspects."));
    }

    private void fail(GatewayException failure) {
        if (!finished) {
            finished = true;
            receiver.failed(failure);
        }
    }
}
