package io.plano.bridge;

import io.plano.body.ByteSegments;
import io.plano.budget.Holding;
import io.plano.credential.InboundCredentials;
import io.plano.failure.GatewayException;
import io.plano.http.RequestHead;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.hc.core5.http.nio.AsyncDataProducer;
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

    private ClientExchange(
            HttpServletRequest request,
            RequestHead head,
            InboundCredentials credentials,
            @Nullable ClientWatch watch,
            ResponseBridge response,
            Holding holding) {
        this.request = request;
        this.head = head;
        this.credentials = credentials;
        this.watch = watch;
        this.response = response;
        this.holding = holding;
    }

    /**
     * Makes the request asynchronous.
     *
     * @param owner hears once how the exchange ended
     */
    public static ClientExchange open(
            HttpServletRequest request,
            HttpServletResponse response,
            RequestHead head,
            InboundCredentials credentials,
            ResponseOwner owner)
            throws IOException {
        AsyncContext async = request.startAsync(request, response);
        ClientWatch watch = request.getAttribute(ClientWatch.ATTRIBUTE) instanceof ClientWatch found ? found : null;
        ResponseEnding ending = new ContainerEnding(request, response, async);
        ResponseBridge bridge = new ResponseBridge(response, ending, watch, owner);
        ClientExchange exchange = new ClientExchange(request, head, credentials, watch, bridge, owner.holding());
        new ContainerCallbacks(bridge, ending, owner).register(response, async);
        return exchange;
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
    public AsyncDataProducer streamBody(Consumer<GatewayException> onClientFailure) throws IOException {
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
