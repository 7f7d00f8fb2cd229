package io.plano.proxy.answer;

import io.plano.client.ResponseBridge;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.BodyChange;
import io.plano.http.Headers;
import io.plano.http.ResponseHead;
import io.plano.http.ResponseHead.Delivery;
import io.plano.http.WholeAnswer;
import io.plano.upstream.UpstreamListener.Content;
import io.plano.upstream.Window;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An answer that goes to the client as it comes; of an error, what is the gateway's own is masked. */
final class IdentityAnswer implements AnswerBody {
    private final AnswerTerms terms;
    private final Recipient recipient;
    private final ResponseBridge response;

    private boolean committed;
    private boolean refused;
    private Content content = Content.NONE;
    /** The head of an error that is not committed before its body is known. */
    private Headers held = Headers.EMPTY;
    /** The body of an error, on its way through the mask; null where bodies go on as they are. */
    private @Nullable MaskedError error;

    IdentityAnswer(AnswerTerms terms) {
        this.terms = terms;
        this.recipient = terms.recipient();
        this.response = recipient.response();
    }

    @Override
    public void head(int status, Headers headers, Content bodyContent) {
        content = bodyContent;
        if (status / 100 != 2 && content != Content.NONE && !terms.mask().isEmpty()) {
            error = new MaskedError(terms.mask(), headers);
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
        Headers clientHeaders = AnswerHeads.identity(headers, terms, change).build();
        GatewayException tooLarge = AnswerHeads.tooLarge(clientHeaders, recipient);
        if (tooLarge != null) {
            refused = true; // the end of the exchange ends this attempt, but not at once
            recipient.refuse(tooLarge);
            return;
        }
        response.commit(new ResponseHead(status, clientHeaders, length(headers, delivery), delivery));
    }

    private long length(Headers headers, Delivery delivery) {
        boolean toHead = recipient.head().method().equals("HEAD");
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

    @Override
    public void data(ByteBuffer bytes) {
        if (refused) {
            bytes.position(bytes.limit());
        } else if (error == null) {
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
                    "The model provider answered with status " + terms.status()
                            + ", and with words that the gateway could not read.");
            WholeAnswer own = LocalAnswers.error(recipient.dialect(), unreadable, recipient.id());
            sendWhole(own.head().headers().toBuilder(), own.body());
        } else {
            sendWhole(AnswerHeads.identity(held, terms, BodyChange.DECODED), body);
        }
    }

    private void sendWhole(Headers.Builder fields, byte[] body) {
        committed = true;
        Headers headers = fields.build();
        GatewayException tooLarge = AnswerHeads.tooLarge(headers, recipient);
        if (tooLarge != null) {
            recipient.refuse(tooLarge);
            return;
        }
        response.commit(new ResponseHead(terms.status(), headers, body.length, Delivery.WHOLE));
        response.data(body);
        response.end();
    }

    @Override
    public void failed(GatewayException failure) {
        if (refused) {
            return;
        }
        byte[] lastWords = committed ? errorEvent(failure) : null;
        recipient.refuse(failure, lastWords);
    }

    private byte[] errorEvent(GatewayException failure) {
        return recipient.errorEvent(failure);
    }
}
