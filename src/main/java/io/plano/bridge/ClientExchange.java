package io.plano.bridge;

import io.plano.body.ByteSegments;
import io.plano.budget.Holding;
import io.plano.credential.InboundCredentials;
import io.plano.failure.GatewayException;
import io.plano.http.RequestHead;
import io.plano.upstream.RequestBody;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of an exchange, without a servlet type in sight of those who use it: its head, its body either whole
 * or as a stream, and the one writer of its response. Made and started on the container thread of the request.
 */
public final class ClientExchange {
    private final HttpServletRequest request;
    private final RequestHead head;
    private final InboundCredentials credentials;
    private final ResponseBridge response;
    private final Holding holding;
    private final @Nullable ClientWatch watch;
    private @Nullable RequestBridge bodyStream;

    private ClientExchange(Opening opening, @Nullable ClientWatch watch, ResponseBridge response, Holding holding) {
        this.request = opening.request();
        this.head = opening.head();
        this.credentials = opening.credentials();
        this.watch = watch;
        this.response = response;
        this.holding = holding;
    }

    /**
     * A request that is about to become an exchange.
     *
     * @param credentials what the client's credential slots held
     */
    public record Opening(
            HttpServletRequest request,
            HttpServletResponse response,
            RequestHead head,
            InboundCredentials credentials) {

        /**
         * Makes the request asynchronous.
         *
         * @param holding what the exchange holds in memory
         * @param owner makes the exchange, which hears once how it ended
         */
        public void open(Holding holding, Function<ClientExchange, ? extends ResponseOwner> owner) throws IOException {
            AsyncContext async = request.startAsync(request, response);
            ClientWatch watch = request.getAttribute(ClientWatch.ATTRIBUTE) instanceof ClientWatch found ? found : null;
            ResponseEnding ending = new ContainerEnding(response, async);
            ResponseBridge bridge = new ResponseBridge(response, ending, watch, holding);
            ResponseOwner made = owner.apply(new ClientExchange(this, watch, bridge, holding));
            new ContainerCallbacks(bridge, ending, made).register(response, async);
        }
    }

    public RequestHead head() {
        return head;
    }

    /** What the client's credential slots held. */
    public InboundCredentials credentials() {
        return credentials;
    }

    public ResponseBridge response() {
        return response;
    }

    /**
     * Reads the whole body; to be called on the container thread that opened the exchange.
     *
     * @param reserved how many bytes are reserved for it already
     */
    public void readBody(long limit, long reserved, BodyReceiver receiver) throws IOException {
        BodyAggregator aggregator = new BodyAggregator(
                request.getInputStream(),
                head.contentLength(),
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
        RequestBridge bridge = new RequestBridge(request.getInputStream(), onClientFailure);
        bodyStream = bridge;
        response.readBy(bridge.loop());
        bridge.start();
        return bridge;
    }

    /** A body held in memory, for one attempt. */
    public static HeldBody replay(ByteSegments body) {
        return new HeldBody(body);
    }

    /** From now on a client that leaves is noticed at once, where the container can tell. Any thread, once. */
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
