package io.plano.translate;

import io.plano.body.EventReader;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.EventWriter;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.UpstreamError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Turns a provider's answer with a status of success into the client's format while it comes. The provider's and the
 * client's choice between stream and document are independent of each other. One thread at a time; the thread may change.
 */
public final class AnswerTranslator {
    /** The largest document that is held to be translated. */
    static final int MAX_DOCUMENT_BYTES = 64 << 20;

    private final Translation translation;
    private final AnswerContext context;
    private final EventBuffer out = new EventBuffer();
    private final EventWriter events;
    private final GuardedStream answer;
    private final @Nullable AnswerCollector collector;
    private final @Nullable StreamDecoder decoder;
    private final @Nullable EventReader parser;
    private boolean closed;
    private final ByteArrayOutputStream document = new ByteArrayOutputStream(0);

    /**
     * @param arriving what the provider's events come in; null for a document
     * @param leaving what events go to the client in
     */
    AnswerTranslator(Translation translation, @Nullable Framing arriving, Framing leaving, AnswerContext context) {
        this.translation = translation;
        this.context = context;
        events = leaving.writer(out);
        boolean streams = translation.request().delivery().isStream();
        collector = streams ? null : new AnswerCollector();
        answer = new GuardedStream(
                collector != null ? collector : translation.client().encodeStream(events, context),
                translation.encoded(),
                context.errorText());
        decoder = arriving == null ? null : translation.upstream().decodeStream(answer);
        parser = arriving == null || decoder == null ? null : arriving.reader(decoder);
    }

    /** Reads the next bytes of the answer, which may be split anywhere. */
    public void accept(byte[] bytes, int offset, int length) {
        if (answer.isOver()) {
            return;
        }
        if (parser == null) {
            if (document.size() + length > MAX_DOCUMENT_BYTES) {
                fail("The model provider's answer is too large to be translated.");
            } else {
                document.write(bytes, offset, length);
            }
            return;
        }
        try {
            parser.accept(bytes, offset, length);
        } catch (IOException e) {
            fail("The model provider sent an event that is too large to be translated.");
        }
        finishDocument();
    }

    /** The answer has ended, in order as far as the transport can tell. */
    public void end() {
        if (answer.isOver()) {
            return;
        }
        if (parser == null || decoder == null) {
            translation.upstream().decodeAnswer(document.toByteArray(), answer);
        } else {
            endStream(parser, decoder);
        }
        finishDocument();
    }

    private void endStream(EventReader reader, StreamDecoder stream) {
        try {
            reader.end();
            stream.end();
        } catch (IOException e) {
            fail("The model provider sent an event that is too large to be translated.");
        }
    }

    private void finishDocument() {
        ChatAnswer response = collector == null ? null : collector.answer();
        if (response != null && out.isEmpty() && answer.isComplete()) {
            out.write(translation.client().encodeAnswer(response, context));
        }
    }

    private void fail(String message) {
        answer.failed(new UpstreamError(502, null, null, message, null, null));
    }

    /** The answer broke off: the client is told in its stream, where it has one. */
    public void fail(UpstreamError error) {
        answer.failed(error);
    }

    /** What there is for the client since the last call; empty where that is nothing. */
    public byte[] take() {
        if (!closed && collector == null && answer.isOver()) {
            closed = true;
            events.close();
        }
        return out.take();
    }

    /** Whether the whole answer has come, although its transport may not have ended. */
    public boolean isComplete() {
        return answer.isComplete();
    }

    /** Why there will be no whole answer, or null. */
    public @Nullable UpstreamError error() {
        return answer.error();
    }
}
