package io.plano.translate;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.WireFormat;
import io.plano.translate.framing.EventWriter;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.UpstreamError;

/**
 * Everything that the gateway knows of one wire format, in both directions. N formats are N codecs: each one meets the
 * others in the neutral form only. Stateless; what it returns belongs to one exchange and one thread at a time.
 */
public interface ApiCodec {
    WireFormat format();

    /**
     * Reads a client's request.
     *
     * @throws GatewayException {@link FailureKind#INVALID_REQUEST}, which names the member ({@code messages[2].content})
     */
    ChatRequest decodeRequest(byte[] body);

    /**
     * Writes a request to a provider. The same request gives the same bytes, since providers' caches look for equal
     * beginnings.
     *
     * @throws GatewayException {@link FailureKind#UNSUPPORTED_FEATURE}, if the request asks for what cannot be said in
     *     this format and may not be left out; it names the member as the client calls it
     */
    EncodedRequest encodeRequest(ChatRequest request, UpstreamModel upstream);

    /**
     * Reads a provider's whole answer with a status of success, up to {@link ChatStream#ended} or {@link
     * ChatStream#failed}: the latter also if the document is none of this format, or an error in disguise.
     */
    void decodeAnswer(byte[] body, ChatStream answer);

    /** Reads a provider's stream of events, whatever framing they come in. */
    StreamDecoder decodeStream(ChatStream answer);

    /** Writes a whole answer for a client. */
    byte[] encodeAnswer(ChatAnswer response, AnswerContext context);

    /** Writes a stream of events for a client, in whatever framing. */
    ChatStream encodeStream(EventWriter events, AnswerContext context);

    /** Whether what {@link #encodeStream} returns keeps all of the answer until its end. */
    default boolean keepsStreams() {
        return false;
    }

    /** Whether a stream that failed has a last word of its own, behind which it ends in order: {@code response.failed}. */
    default boolean failsInOrder() {
        return false;
    }

    /** The status for a client of this format: 424, say, is one that no client knows. */
    int status(UpstreamError error);

    /** Writes an error for a client of this format. */
    byte[] encodeError(UpstreamError error, String requestId);
}
