package io.plano.translate;

import io.plano.failure.GatewayException;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.ChatRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way into the format of one provider, and what its answer needs on the way back. Immutable.
 *
 * @param client the client's format
 * @param upstream the provider's
 * @param request what the client asked
 * @param encoded what the provider gets
 * @param provider the id of the provider
 */
public record Translation(
        ApiCodec client, ApiCodec upstream, ChatRequest request, EncodedRequest encoded, String provider) {
    /** How the provider's answer comes. */
    public enum Arrival {
        /** As one document. */
        DOCUMENT(null),
        /** As server-sent events. */
        EVENTS(Framing.sse());

        private final @Nullable Framing framing;

        Arrival(@Nullable Framing framing) {
            this.framing = framing;
        }

        /** What its events lie in; null for a document. */
        @Nullable
        Framing framing() {
            return framing;
        }
    }

    /**
     * Writes the request for that provider.
     *
     * @throws GatewayException if it cannot be said in the provider's format
     */
    public static Translation of(ApiCodec client, ChatRequest request, ApiCodec upstream, UpstreamModel model) {
        EncodedRequest encoded = BillingHeader.isIn(request)
                ? upstream.encodeRequest(BillingHeader.without(request), model).alsoWithout(BillingHeader.MEMBER)
                : upstream.encodeRequest(request, model);
        return new Translation(client, upstream, request, encoded, model.provider());
    }

    /** The members that the provider does not get, by the client's names. */
    public Set<String> dropped() {
        return encoded.dropped();
    }

    /**
     * Takes the answer back.
     *
     * @param requestId the id of the exchange
     * @param now seconds since 1970
     */
    public AnswerTranslator answer(Arrival arrival, String requestId, long now) {
        return answer(arrival, new AnswerContext(request, requestId, now));
    }

    /** Takes the answer back, in that context. */
    public AnswerTranslator answer(Arrival arrival, AnswerContext context) {
        return answer(arrival, context, Room.UNLIMITED);
    }

    /**
     * Takes the answer back, in that context.
     *
     * @param room for what cannot be reserved before
     */
    public AnswerTranslator answer(Arrival arrival, AnswerContext context, Room room) {
        return new AnswerTranslator(this, arrival.framing(), Framing.sse(), context, room);
    }

    /**
     * As {@link #answer(Arrival, String, long)}, in any two framings.
     *
     * @param arriving what the provider's events come in; null for a document
     * @param leaving what events go to the client in
     */
    AnswerTranslator answer(@Nullable Framing arriving, Framing leaving, AnswerContext context) {
        return new AnswerTranslator(this, arriving, leaving, context, Room.UNLIMITED);
    }
}
