package io.plano.client;

import io.plano.failure.GatewayException;
import io.plano.upstream.RequestBody;
import io.plano.upstream.RequestOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Moves a request body of any size from the client to the upstream through one buffer: what the upstream does not take is
 * not read from the client. The mirror image of {@link ResponseBridge}, with the same loop and the same rule of arming
 * before asking.
 */
public final class RequestBridge implements RequestBody {
    /** In bytes; one for each body that streams. */
    public static final int BUFFER_SIZE = 16 << 10;

    private final RequestInput input;
    private final RequestReader in;
    private final Consumer<GatewayException> onClientFailure;
    private final SerialLoop loop = new SerialLoop(this::run);

    private volatile @Nullable RequestOutput output;
    private volatile boolean awaitingOutput;
    private volatile boolean abandoned;

    // Touched by the loop only.
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE).limit(0);
    private boolean ended;

    /**
     * @param onClientFailure called when the client breaks off; on a container thread or on the reactor
     */
    RequestBridge(RequestInput input, Consumer<GatewayException> onClientFailure) {
        this.input = input;
        this.in = new RequestReader(input, loop::signal, cause -> onClientFailure.accept(input.explain(cause)));
        this.onClientFailure = onClientFailure;
    }

    /** Called on the container thread that started the asynchronous request. */
    void start() {
        in.start();
    }

    SerialLoop loop() {
        return loop;
    }

    /** The exchange is over before the body is: the upstream connection cannot be used again. Any thread. */
    void abandon() {
        abandoned = true;
        RequestOutput upstream = output;
        if (upstream != null) {
            upstream.requestOutput(); // produce() then fails, and closes the connection
        }
    }

    private void run() {
        if (ended) {
            return;
        }
        try {
            move();
        } catch (IOException | RuntimeException e) {
            ended = true;
            onClientFailure.accept(input.explain(e));
        } catch (Error defect) {
            ended = true;
            onClientFailure.accept(GatewayException.internal(defect));
        }
    }

    private void move() throws IOException {
        RequestOutput upstream = output;
        while (upstream != null && !awaitingOutput && !abandoned) {
            if (buffer.hasRemaining()) {
                send(upstream);
            } else if (in.hasEnded()) {
                finish(upstream);
                return;
            } else if (!receive()) {
                return;
            }
        }
    }

    private void send(RequestOutput upstream) {
        awaitingOutput = true;
        try {
            upstream.write(buffer);
        } catch (IOException e) {
            upstreamRefused();
            return;
        }
        if (buffer.hasRemaining()) {
            upstream.requestOutput();
        } else {
            awaitingOutput = false;
        }
    }

    private void finish(RequestOutput upstream) {
        try {
            ended = true;
            upstream.end();
        } catch (IOException e) {
            upstreamRefused();
        }
    }

    /**
     * Not the client's failure: the upstream answered early and wants no more, or its connection is gone. Its own
     * callbacks tell which, and the answer may still be on its way.
     */
    private void upstreamRefused() {
        ended = true;
        abandoned = true;
    }

    /** Reads what is there; false where nothing is. */
    private boolean receive() throws IOException {
        if (!in.isReadable()) {
            return false;
        }
        in.read(this::fill);
        return true;
    }

    private int fill(InputStream stream) throws IOException {
        int count = stream.read(buffer.array(), 0, BUFFER_SIZE);
        if (count >= 0) {
            buffer.position(0).limit(count);
        }
        return count;
    }

    @Override
    public boolean isReady() {
        // True until the output is known: it is handed over by a call that comes only when there is something.
        return output == null || awaitingOutput || abandoned;
    }

    @Override
    public void produce(RequestOutput upstream) throws IOException {
        if (abandoned) {
            throw new IOException("the exchange is over");
        }
        output = upstream;
        awaitingOutput = false;
        loop.signal();
    }

    @Override
    public void release() {
        abandoned = true;
    }
}
