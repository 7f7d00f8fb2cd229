package io.plano.proxy;

import io.plano.bridge.ResponseBridge;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.http.ResponseHead;
import io.plano.http.ResponseHead.Delivery;
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
    private final ReverseProxy proxy;
    private final Exchange exchange;
    private final Target target;
    private final ResponseBridge response;

    private boolean committed;
    private boolean refused;
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
        Delivery delivery = AnswerHeads.isEventStream(headers) ? Delivery.EVENTS : Delivery.WHOLE;
        Headers clientHeaders =
                AnswerHeads.identity(headers, exchange, proxy.pseudonym()).build();
        GatewayException tooLarge = AnswerHeads.tooLarge(clientHeaders, exchange);
        if (tooLarge != null) {
            refused = true; // the end of the exchange ends this attempt, but not at once
            ReverseProxy.refuse(exchange, tooLarge);
            return;
        }
        response.commit(new ResponseHead(status, clientHeaders, length(headers, delivery), delivery));
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
        if (!refused) {
            response.data(bytes);
        }
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
        if (refused) {
            return;
        }
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
        if (refused) {
            return;
        }
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
