package io.plano.translate;

import io.plano.body.ByteSegments;
import io.plano.body.EventReader;
import io.plano.body.JsonNodes;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.EventWriter;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.UpstreamError;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Turns a provider's answer with a status of success into the client's format while it comes. The provider's and the
 * client's choice between stream and document are independent of each other. One thread at a time; the thread may change.
 *
 * <p>It tells what memory the next step will need ({@link #heldAfter}, {@link #heldAtEnd}), so that its owner can reserve it
 * first. Only what a single large event needs to be read is known too late for that: for it the translator asks itself.
 */
public final class AnswerTranslator {
    /** The largest document that is held to be translated. */
    static final int MAX_DOCUMENT_BYTES = 64 << 20;

    /** The code of the error that says that there was no room for an event. */
    public static final String NO_ROOM = "gateway_out_of_memory";

    /** Beyond this a step may take longer than a thread that serves many others has. */
    private static final int LONG_FROM = 256 << 10;

    /** An answer that begins with more white space than this is what its label says. */
    private static final int MOST_BLANKS = 1 << 10;

    private static final int LARGE_EVENT = 64 << 10;

    /** Text that is collected, in a buffer that doubles; as a string; in the document. In Responses four times. */
    private static final int COLLECTED = 8;

    private final Translation translation;
    private final AnswerContext context;
    private final Room room;
    private final EventBuffer out = new EventBuffer();
    private final EventWriter events;
    private final GuardedStream answer;
    private final @Nullable AnswerCollector collector;
    private final @Nullable Framing arriving;
    private @Nullable StreamDecoder decoder;
    private @Nullable EventReader parser;
    private boolean formKnown;
    private boolean closed;
    private ByteSegments.Builder document = ByteSegments.builder();
    private byte @Nullable [] whole;
    private @Nullable UpstreamError broken;

    /**
     * @param arriving what the provider's events come in; null for a document
     * @param leaving what events go to the client in
     * @param room for what cannot be reserved before
     */
    AnswerTranslator(
            Translation translation, @Nullable Framing arriving, Framing leaving, AnswerContext context, Room room) {
        this.translation = translation;
        this.context = context;
        this.room = room;
        events = leaving.writer(out);
        boolean streams = translation.request().delivery().isStream();
        collector = streams ? null : new AnswerCollector();
        answer = new GuardedStream(
                collector != null ? collector : translation.client().encodeStream(events, context),
                translation.encoded(),
                translation.provider(),
                context.errorText());
        this.arriving = arriving;
        // What only a machine reads keeps to its label; an event stream may be one under any.
        formKnown = arriving != null && !arriving.equals(Framing.sse());
        if (arriving != null) {
            readEvents(arriving);
        }
    }

    private void readEvents(Framing framing) {
        decoder = translation.upstream().decodeStream(answer);
        parser = framing.reader(this::event);
    }

    private boolean keeps() {
        return collector != null || translation.client().keepsStreams();
    }

    /** Whether reading so many bytes more, or the end where there are none, may take milliseconds. */
    public boolean takesLong(int length) {
        long before = parser == null ? document.length() : parser.pending();
        return before + length > LONG_FROM || (keeps() && answer.passed() > LONG_FROM);
    }

    /** What is held at most when so many bytes more have been read. */
    public long heldAfter(int length) {
        if (parser == null) {
            return document.length() + length;
        }
        int pending = parser.pending() == 0 ? 0 : parser.pending() + length;
        long unread = Math.max(parser.held(), 2L * pending);
        return unread + (keeps() ? COLLECTED * answer.passed() + 2L * length : 0);
    }

    /** What is held at most while the answer is ended. */
    public long heldAtEnd() {
        if (parser != null || document.length() == 0) {
            return heldAfter(0);
        }
        ByteSegments read = document.build();
        return read.length() + JsonWeight.of(JsonNodes.count(read), read.length());
    }

    /** Reads the next bytes of the answer, which may be split anywhere. */
    public void accept(byte[] bytes, int offset, int length) {
        if (answer.isOver()) {
            return;
        }
        if (!formKnown) {
            tellForm(bytes, offset, length);
            return;
        }
        if (parser == null) {
            if (document.length() + length > MAX_DOCUMENT_BYTES) {
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
        if (answer.isCut()) {
            answer.ended();
        }
        finishDocument();
    }

    /** Holds the first bytes until they tell what they are the beginning of. */
    private void tellForm(byte[] bytes, int offset, int length) {
        document.write(bytes, offset, length);
        byte[] begun = document.build().toByteArray();
        AnswerForm form = AnswerForm.of(begun);
        if (form == AnswerForm.UNKNOWN && begun.length > MOST_BLANKS) {
            form = arriving == null ? AnswerForm.DOCUMENT : AnswerForm.EVENTS;
        }
        if (form != AnswerForm.UNKNOWN) {
            formIs(form);
            accept(begun, 0, begun.length);
        }
    }

    private void formIs(AnswerForm form) {
        formKnown = true;
        document = ByteSegments.builder();
        if (form == AnswerForm.DOCUMENT) {
            parser = null;
            decoder = null;
        } else if (parser == null) {
            readEvents(Framing.sse());
        }
    }

    private void event(String type, byte[] bytes, int offset, int length) {
        if (decoder == null) {
            return;
        }
        if (length <= LARGE_EVENT) {
            decoder.event(type, bytes, offset, length);
            return;
        }
        long weight = JsonWeight.of(JsonNodes.count(bytes, offset, length), length);
        if (!room.reserve(weight)) {
            answer.failed(new UpstreamError(
                    503, null, NO_ROOM, "The gateway has no memory left for this answer; try again.", null, null));
            return;
        }
        try {
            decoder.event(type, bytes, offset, length);
        } finally {
            room.release(weight);
        }
    }

    /** The answer has ended, in order as far as the transport can tell. */
    public void end() {
        if (answer.isOver()) {
            return;
        }
        if (!formKnown) {
            formKnown = true; // nothing but white space came, or less than a word
            parser = arriving == null ? null : parser;
        }
        if (parser == null || decoder == null) {
            byte[] read = document.build().toByteArray();
            document = ByteSegments.builder();
            translation.upstream().decodeAnswer(read, answer);
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
        if (collector == null || whole != null || !answer.isComplete()) {
            return;
        }
        ChatAnswer collected = collector.answer();
        if (collected != null) {
            whole = translation.client().encodeAnswer(collected, context);
        }
    }

    private void fail(String message) {
        answer.failed(new UpstreamError(502, null, null, message, null, null));
    }

    /**
     * The answer broke off: the client is told in its stream, where it has one. An answer that had come whole can break as
     * well, if it cannot be written for the client.
     */
    public void fail(UpstreamError error) {
        answer.failed(error);
        if (answer.error() == null) {
            broken = error;
        }
    }

    /** What there is for the client since the last call; empty where that is nothing. */
    public byte[] take() {
        byte[] once = whole;
        if (once != null && once.length > 0) {
            whole = new byte[0];
            return once;
        }
        if (!closed && collector == null && answer.isOver()) {
            closed = true;
            events.close();
        }
        return out.take();
    }

    /** Whether the whole answer has come, although its transport may not have ended. */
    public boolean isComplete() {
        return broken == null && answer.isComplete();
    }

    /** Whether the answer is complete because it came to a text that was to end it: the provider may go on. */
    public boolean isCut() {
        return answer.isComplete() && answer.isCut();
    }

    /** Why there will be no whole answer, or null. */
    public @Nullable UpstreamError error() {
        return broken != null ? broken : answer.error();
    }
}
