package io.plano.proxy;

import io.plano.bridge.ResponseBridge;
import io.plano.credential.SecretMask;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.BodyChange;
import io.plano.http.Headers;
import io.plano.http.ResponseHead;
import io.plano.http.ResponseHead.Delivery;
import io.plano.http.WholeAnswer;
import io.plano.route.Target;
import io.plano.upstream.UpstreamListener;
import io.plano.upstream.Window;
import java.io.IOException;
import java.nio.ByteBuffer;
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

    private final SecretMask mask;

    private boolean committed;
    private boolean refused;
    private Content content = Content.NONE;
    /** The head of an error that is not committed before its body is known. */
    private Headers held = Headers.EMPTY;
    /** The body of an error, on its way through the mask; null where bodies go on as they are. */
    private @Nullable MaskedError error;

    Attempt(ReverseProxy proxy, Exchange exchange, Target target) {
        this.proxy = proxy;
        this.exchange = exchange;
        this.target = target;
        this.response = exchange.client.response();
        this.mask = exchange.snapshot.secrets().maskOf(target.provider());
    }

    @Override
    public void headGrew(int bytes) {
        exchange.headGrew(bytes);
    }

    // 10. From here on there is no other target.
    @Override
    public void head(int status, Headers received, Content bodyContent) {
        Headers headers = mask.mask(received);
        exchange.releaseBody();
        content = bodyContent;
        exchange.status = status;
        proxy.hints().onAnswer(exchange, target.provider(), status);
        if (status / 100 != 2 && content != Content.NONE && !mask.isEmpty()) {
            error = new MaskedError(mask, headers);
        }
        if (error == null || !error.isWhole()) {
            commit(status, headers);
        } else {
            held = headers;
        }
    }

    private void commit(int status, Headers headers) {
        committed = true;
        Delivery delivery = AnswerHeads.isEventStream(headers) ? Delivery.EVENTS : Delivery.WHOLE;
        BodyChange change = error == null ? BodyChange.NONE : BodyChange.REWRITTEN;
        Headers clientHeaders = AnswerHeads.identity(headers, exchange, proxy.pseudonym(), change)
                .build();
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
        if (refused) {
            return;
        }
        if (error == null) {
            response.data(bytes);
        } else {
            sendMasked(error.accept(bytes));
        }
    }

    private void sendMasked(byte[] masked) {
        if (error != null && masked.length > 0) {
            response.data(masked, error.takeUncredited());
        }
    }

    @Override
    public void paused() {
        response.deliver();
    }

    @Override
    public void windowSpent(Window window) throws IOException {
        response.windowSpent(window);
        // What is held back waits for more.
        int credit = error == null ? 0 : error.takeUncredited();
        if (credit > 0) {
            window.update(credit);
        }
    }

    @Override
    public void end() {
        if (refused) {
            return;
        }
        if (error != null && !committed) {
            sendWhole(error);
            return;
        }
        if (error != null) {
            sendMasked(error.end());
        }
        if (content == Content.UNTIL_CLOSE) {
            GatewayException truncated = GatewayException.of(
                    FailureKind.UPSTREAM_TRUNCATED, "The model provider ended its stream before it was complete.");
            response.endUnframed(truncated, errorEvent(truncated));
        } else {
            response.end();
        }
    }

    /** An error that came compressed: it is known to be clean once it is decoded, or it is replaced. */
    private void sendWhole(MaskedError compressed) {
        byte[] body = compressed.decoded();
        if (body == null) {
            GatewayException unreadable = GatewayException.coded(
                    FailureKind.UPSTREAM_REJECTED,
                    "upstream_error",
                    "The model provider answered with status " + exchange.status
                            + ", and with words that the gateway could not read.");
            WholeAnswer own = LocalAnswers.error(exchange.dialect, unreadable, exchange.id);
            sendWhole(own.head().headers().toBuilder(), own.body());
        } else {
            sendWhole(AnswerHeads.identity(held, exchange, proxy.pseudonym(), BodyChange.DECODED), body);
        }
    }

    private void sendWhole(Headers.Builder fields, byte[] body) {
        committed = true;
        Headers headers = fields.build();
        GatewayException tooLarge = AnswerHeads.tooLarge(headers, exchange);
        if (tooLarge != null) {
            ReverseProxy.refuse(exchange, tooLarge);
            return;
        }
        response.commit(new ResponseHead(exchange.status, headers, body.length, Delivery.WHOLE));
        response.data(body);
        response.end();
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
