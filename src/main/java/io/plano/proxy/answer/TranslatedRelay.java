package io.plano.proxy.answer;

import io.plano.body.ByteSegments;
import io.plano.body.ContentCoding;
import io.plano.body.ContentCoding.Bounds;
import io.plano.body.JsonNodes;
import io.plano.budget.MemoryBudget;
import io.plano.client.ResponseBridge;
import io.plano.credential.SecretMask;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.failure.Guard;
import io.plano.http.Headers;
import io.plano.http.ResponseHead;
import io.plano.http.ResponseHead.Delivery;
import io.plano.http.WholeAnswer;
import io.plano.translate.AnswerContext;
import io.plano.translate.AnswerTranslator;
import io.plano.translate.ApiCodec;
import io.plano.translate.JsonWeight;
import io.plano.translate.Room;
import io.plano.translate.Translation;
import io.plano.translate.UpstreamErrors;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.UpstreamError;
import io.plano.upstream.Window;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer of a target that speaks another format, translated on its way to the client. The head is held back until the
 * first event is known, so that a provider that fails at once fails with a status. One thread at a time: that of the
 * attempt, and from the first step on that takes long a worker.
 */
final class TranslatedRelay implements Room {
    private static final Logger log = LoggerFactory.getLogger(TranslatedAnswer.class);

    /** So much belongs to every exchange. */
    private static final long FREE = 8 << 10;

    private static final long SMALLEST_STEP = 16 << 10;

    /** Fewer bytes than this are not worth a word to the connection, unless it has stopped. */
    private static final int CREDIT_STEP = 16 << 10;

    /** The most that is read of an error; what it says stands in front. */
    private static final int MAX_ERROR_BYTES = 256 << 10;

    private final AnswerTerms terms;
    private final Recipient recipient;
    private final Translation translation;
    private final ResponseBridge response;
    private final SecretMask mask;

    private int status;
    private Headers upstreamHeaders = Headers.EMPTY;
    private long reserved;
    private @Nullable Window window;
    private boolean committed;
    private boolean over;
    private boolean defective;
    private @Nullable AnswerTranslator answer;
    private final ByteArrayOutputStream error = new ByteArrayOutputStream(0);
    private int taken;

    TranslatedRelay(AnswerTerms terms, Translation translation) {
        this.terms = terms;
        this.recipient = terms.recipient();
        this.translation = translation;
        this.response = recipient.response();
        this.mask = terms.mask();
    }

    void head(int upstreamStatus, Headers headers) {
        status = upstreamStatus;
        upstreamHeaders = headers;
        GatewayException tooLarge = AnswerHeads.tooLarge(headers, recipient);
        if (tooLarge != null) {
            over = true;
            recipient.refuse(tooLarge);
            return;
        }
        if (upstreamStatus / 100 != 2) {
            return;
        }
        if (ContentCoding.isEncoded(headers.all("Content-Encoding"))) {
            fail(new UpstreamError(502, null, null, "The model provider compressed its answer, unasked.", null, null));
            return;
        }
        Translation.Arrival arrival =
                AnswerHeads.isEventStream(headers) ? Translation.Arrival.EVENTS : Translation.Arrival.DOCUMENT;
        long now = System.currentTimeMillis() / 1000;
        answer = translation.answer(
                arrival, new AnswerContext(translation.request(), recipient.id(), now, mask::mask), this);
    }

    /** Whether the next step may take longer than a thread that serves others has; a step of no bytes is the end. */
    boolean takesLong(int length) {
        AnswerTranslator translator = answer;
        return translator != null && !over && translator.takesLong(length);
    }

    /** What has to be reserved before so many bytes are read. */
    long needs(int length) {
        AnswerTranslator translator = answer;
        if (over) {
            return 0;
        }
        return missing(translator == null ? 2L * (error.size() + length) : translator.heldAfter(length));
    }

    /** What has to be reserved before the end. */
    long needsAtEnd() {
        AnswerTranslator translator = answer;
        if (over) {
            return 0;
        }
        return missing(
                translator == null
                        ? JsonWeight.of(JsonNodes.count(ByteSegments.of(error.toByteArray())), error.size())
                        : translator.heldAtEnd());
    }

    private long missing(long held) {
        long more = held - FREE - reserved;
        if (more <= 0) {
            return 0;
        }
        long step = Math.max(SMALLEST_STEP, Math.min(reserved / 2, MemoryBudget.STEP));
        return Math.max(more, step);
    }

    /** So much has been reserved. */
    void reserved(long bytes) {
        reserved += bytes;
    }

    @Override
    public boolean reserve(long bytes) {
        return recipient.holding().reserve(bytes);
    }

    @Override
    public void release(long bytes) {
        recipient.holding().release(bytes);
    }

    void data(byte[] piece) {
        taken += piece.length;
        AnswerTranslator translator = answer;
        if (translator == null) {
            error.write(piece, 0, Math.min(piece.length, MAX_ERROR_BYTES - error.size()));
            return;
        }
        if (!over) {
            work(() -> translator.accept(piece, 0, piece.length));
        }
    }

    /** Runs a step of the translation; a defect in it ends this answer and no other. */
    private void work(Runnable step) {
        try {
            step.run();
        } catch (Throwable defect) {
            defective = true;
            Guard.quietly(
                    () -> Causes.report(log, "an answer could not be translated, by a defect of the gateway", defect));
            AnswerTranslator translator = answer;
            if (translator != null) {
                translator.fail(
                        new UpstreamError(500, null, null, "The gateway failed to translate the answer.", null, null));
            }
        }
    }

    /** What came together goes on together. */
    void paused() {
        forward();
        response.deliver();
    }

    private void forward() {
        AnswerTranslator translator = answer;
        if (translator == null || over) {
            return;
        }
        byte[] translated = translator.take();
        UpstreamError failure = translator.error();
        if (failure != null && !committed && translated.length == 0) {
            fail(failure);
            return;
        }
        if (translated.length > 0 && translation.request().delivery().isStream()) {
            commitStream();
            response.data(translated, taken);
            taken = 0;
        } else if (translated.length > 0) {
            over = true;
            send(status, translated);
        } else if (taken >= CREDIT_STEP) {
            credit();
        }
        if (failure != null) {
            breakOff(failure);
        } else if (!over && translator.isCut()) {
            over = true;
            response.end();
        }
    }

    /** What is not queued for the client lies in the translator, which has limits of its own. */
    private void credit() {
        Window open = window;
        if (open == null || taken == 0) {
            return;
        }
        int increment = taken;
        taken = 0;
        try {
            open.update(increment);
        } catch (IOException gone) {
            window = null; // of which its own callback tells
        }
    }

    private void commitStream() {
        if (!committed) {
            committed = true;
            Headers headers =
                    AnswerHeads.translated(upstreamHeaders, terms, Framing.sse().mediaType());
            response.commit(new ResponseHead(status, headers, ResponseHead.UNKNOWN_LENGTH, Delivery.EVENTS));
        }
    }

    private void send(int clientStatus, byte[] body) {
        WholeAnswer whole = whole(clientStatus, body);
        committed = true;
        answer = null; // and all that it holds
        long kept = Math.min(reserved, whole.body().length);
        recipient.holding().release(reserved - kept);
        response.takeOver(kept);
        reserved = 0;
        response.commit(whole.head());
        response.data(whole.body());
        response.end();
    }

    private WholeAnswer whole(int clientStatus, byte[] body) {
        Headers headers = AnswerHeads.translated(upstreamHeaders, terms, "application/json");
        return new WholeAnswer(new ResponseHead(clientStatus, headers, body.length, Delivery.WHOLE), body);
    }

    /** Nothing of the answer has gone out: it becomes an error with a status. */
    private void fail(UpstreamError failure) {
        over = true;
        response.fail(rejected(failure), errorAnswer(failure), null);
    }

    /** The client is told in its stream, and then cut off unless its format has a last word for failure; or with a status, where it has seen nothing yet. */
    private void breakOff(UpstreamError failure) {
        over = true;
        response.deliver();
        if (response.progress().hasBegun()
                && translation.client().failsInOrder()
                && kindOf(failure) == FailureKind.UPSTREAM_REJECTED) {
            response.endTold(rejected(failure));
            return;
        }
        response.fail(rejected(failure), errorAnswer(failure), null);
    }

    private WholeAnswer errorAnswer(UpstreamError failure) {
        ApiCodec client = translation.client();
        WholeAnswer told = whole(client.status(failure), client.encodeError(failure, recipient.id()));
        return AnswerTranslator.NO_ROOM.equals(failure.code()) ? told.with(Headers.of("Retry-After", "1")) : told;
    }

    private GatewayException rejected(UpstreamError failure) {
        return GatewayException.of(defective ? FailureKind.INTERNAL : kindOf(failure), failure.message());
    }

    private static FailureKind kindOf(UpstreamError failure) {
        return "upstream_truncated".equals(failure.code())
                ? FailureKind.UPSTREAM_TRUNCATED
                : AnswerTranslator.NO_ROOM.equals(failure.code())
                        ? FailureKind.OVERLOADED
                        : FailureKind.UPSTREAM_REJECTED;
    }

    void windowSpent(Window spent) {
        window = spent;
        response.windowSpent(spent);
        forward();
        credit();
    }

    void end() {
        AnswerTranslator translator = answer;
        if (over) {
            return;
        }
        if (translator == null) {
            over = true;
            ApiCodec client = translation.client();
            UpstreamError failure =
                    UpstreamErrors.read(status, mask.mask(plainError())).with(mask::mask);
            send(client.status(failure), client.encodeError(failure, recipient.id()));
            return;
        }
        work(translator::end);
        forward();
        if (!over) {
            over = true;
            response.end();
        }
    }

    /** Some compress their errors whatever was asked for. */
    private byte[] plainError() {
        List<String> codings = upstreamHeaders.all("Content-Encoding");
        byte[] body = error.toByteArray();
        if (!ContentCoding.isEncoded(codings)) {
            return body;
        }
        try {
            return ContentCoding.decode(codings, ByteSegments.of(body), Bounds.of(MAX_ERROR_BYTES))
                    .toByteArray();
        } catch (GatewayException e) {
            return new byte[0];
        }
    }

    void failed(GatewayException failure) {
        AnswerTranslator translator = answer;
        if (over) {
            return;
        }
        if (translator != null && translator.isComplete() && committed) {
            over = true;
            response.end(); // the format's own last word has come; how the transport ended says nothing
        } else if (translator == null || !committed) {
            over = true;
            recipient.refuse(failure);
        } else {
            over = true;
            translator.fail(new UpstreamError(
                    failure.kind().status(), null, failure.code(), failure.clientMessage(), null, null));
            response.data(translator.take(), taken);
            response.deliver();
            recipient.refuse(failure);
        }
    }
}
