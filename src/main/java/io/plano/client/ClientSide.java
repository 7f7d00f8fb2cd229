package io.plano.client;

import io.plano.budget.Holding;
import io.plano.credential.InboundCredentials;
import io.plano.failure.GatewayException;
import io.plano.http.RequestHead;
import io.plano.upstream.RequestBody;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of an exchange: the head of its request, the body either whole or as a stream, and the one writer of
 * its response. Made on the container thread of the request; who may call what, each method says.
 */
public final class ClientSide {
    /**
     * What the client sent.
     *
     * @param credentials what its credential slots held
     * @param body asked once at most
     */
    public record Request(RequestHead head, InboundCredentials credentials, Body body) {}

    /** Opens the body of a request. */
    public interface Body {
        RequestInput open() throws IOException;
    }

    private final Request request;
    private final @Nullable ClientWatch watch;
    private final ResponseBridge response;
    private final Holding holding;
    private @Nullable RequestBridge bodyStream;

    /**
     * @param watch tells of a client that leaves; null if nobody can
     * @param holding what the exchange holds in memory
     */
    public ClientSide(Request request, @Nullable ClientWatch watch, ResponseBridge response, Holding holding) {
        this.request = request;
        this.watch = watch;
        this.response = response;
        this.holding = holding;
    }

    public RequestHead head() {
        return request.head();
    }

    /** What the client's credential slots held. */
    public InboundCredentials credentials() {
        return request.credentials();
    }

    public ResponseBridge response() {
        return response;
    }

    /**
     * Reads the whole body; to be called on the container thread that opened the exchange.
     *
     * @param limit the most bytes to hold
     * @param reserved how many bytes are reserved for it already
     */
    public void readBody(long limit, long reserved, BodyReceiver receiver) throws IOException {
        BodyAggregator aggregator = new BodyAggregator(
                request.body().open(),
                head().contentLength(),
                new BodyAggregator.Reserved(holding, reserved),
                limit,
                receiver);
        response.readBy(aggregator.loop());
        aggregator.start();
    }

    /**
     * The body as a stream; to be called on the container thread that opened the exchange.
     *
     * @param onClientFailure called when the client breaks off in the middle
     */
    public RequestBody streamBody(Consumer<GatewayException> onClientFailure) throws IOException {
        RequestBridge bridge = new RequestBridge(request.body().open(), onClientFailure);
        bodyStream = bridge;
        response.readBy(bridge.loop());
        bridge.start();
        return bridge;
    }

    /** From now on a client that leaves is noticed at once, if its container can tell. Any thread, once. */
    public void watchClient() {
        if (watch != null) {
            watch.watch(response::clientGone);
        }
    }

    /** The exchange is over: nothing more is read from the client. */
    public void stopReading() {
        if (bodyStream != null) {
            bodyStream.abandon();
        }
    }
}
