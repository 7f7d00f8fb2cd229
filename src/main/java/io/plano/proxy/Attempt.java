package io.plano.proxy;

import io.plano.bridge.ResponseBridge;
import io.plano.bridge.ResponseHead;
import io.plano.bridge.ResponseHead.Delivery;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.BodyChange;
import io.plano.http.ClientHead;
import io.plano.http.HeaderRules;
import io.plano.http.Headers;
import io.plano.route.Target;
import io.plano.upstream.UpstreamListener;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;

/**
 * One try at one target, from the provider's answer on: steps 10 and 11. Called on the reactor thread of its connection,
 * or, where no connection could be made, on the thread that tried.
 */
final class Attempt implements UpstreamListener {
    private static final String REQUEST_ID = "x-request-id";

    private final ReverseProxy proxy;
    private final Exchange exchange;
    private final Target target;
    private final ResponseBridge response;

    private boolean committed;
    private Content content = Content.NONE;

    Attempt(ReverseProxy proxy, Exchange exchange, Target target) {
        this.proxy = proxy;
        this.exchange = exchange;
        this.target = target;
        this.response = exchange.client.response();
    }

    // 10. From here on there is no other target.
    @Override
    public void head(int status, Headers headers, Content bodyContent) {
        committed = true;
        exchange.releaseBody();
        content = bodyContent;
        exchange.status = status;
        proxy.hints().onAnswer(exchange, target.provider(), status);
        Delivery delivery = isEventStream(headers) ? Delivery.EVENTS : Delivery.WHOLE;
        response.commit(new ResponseHead(status, clientHeaders(headers), length(headers, delivery), delivery));
    }

    private static boolean isEventStream(Headers headers) {
        String type = headers.first("Content-Type");
        return type != null && type.regionMatches(true, 0, "text/event-stream", 0, 17);
    }

    private Headers clientHeaders(Headers upstreamHeaders) {
        ClientHead head =
                new ClientHead(proxy.pseudonym(), BodyChange.NONE, null, exchange.credential.credential() != null);
        Headers.Builder headers =
                HeaderRules.toClient(upstreamHeaders, head).toBuilder().remove("Content-Length");
        return identified(headers).build();
    }

    /**
     * A client that sent an id gets it back, and the provider's own beside it; a client that sent none gets the
     * provider's, which its support asks for, or else ours.
     */
    private Headers.Builder identified(Headers.Builder headers) {
        String theirs = headers.first(REQUEST_ID);
        exchange.upstreamRequestId = theirs != null ? theirs : headers.first("request-id");
        boolean clientNamedIt = exchange.id.equals(exchange.head().headers().first(REQUEST_ID));
        if (theirs == null) {
            headers.add(REQUEST_ID, exchange.id);
        } else if (clientNamedIt && !theirs.equals(exchange.id)) {
            headers.set(REQUEST_ID, exchange.id).add("x-upstream-request-id", theirs);
        }
        return headers;
    }

    private long length(Headers headers, Delivery delivery) {
        boolean toHead = exchange.head().method().equals("HEAD");
        if (content == Content.NONE && !toHead) {
            return 0;
        }
        String declared = headers.first("Content-Length");
        boolean meant = declared != null
                && delivery == Delivery.WHOLE
                && content != Content.UNTIL_CLOSE
                && !headers.contains("Transfer-Encoding");
        return meant ? parseLength(declared) : ResponseHead.UNKNOWN_LENGTH;
    }

    private static long parseLength(@Nullable String declared) {
        try {
            return declared == null ? ResponseHead.UNKNOWN_LENGTH : Long.parseLong(declared.strip());
        } catch (NumberFormatException e) {
            return ResponseHead.UNKNOWN_LENGTH; // the HTTP engine found another framing
        }
    }

    // 11. Bytes as they come.
    @Override
    public void data(ByteBuffer bytes) {
        response.data(bytes);
    }

    @Override
    public void paused() {
        response.deliver();
    }

    @Override
    public void windowSpent(CapacityChannel window) {
        response.windowSpent(window);
    }

    @Override
    public void end() {
        if (content == Content.UNTIL_CLOSE) {
            GatewayException truncated = GatewayException.of(
                    FailureKind.UPSTREAM_TRUNCATED, "The model provider ended its stream before it was complete.");
            response.endUnframed(truncated, errorEvent(truncated));
        } else {
            response.end();
        }
    }

    @Override
    public void failed(GatewayException failure) {
        if (!committed) {
            proxy.retryOrFail(exchange, failure);
            return;
        }
        response.fail(failure, LocalAnswers.error(exchange.dialect, failure, exchange.id), errorEvent(failure));
    }

    private byte[] errorEvent(GatewayException failure) {
        return LocalAnswers.in(exchange.dialect).errorEvent(failure, exchange.id);
    }
}
