package io.plano.translate;

import io.plano.failure.GatewayException;
import io.plano.translate.neutral.ChatRequest;
import java.util.Set;

/**
 * One request on its way into the format of one provider, and what its answer needs on the way back. Immutable.
 *
 * @param client the client's format
 * @param upstream the provider's
 * @param request what the client asked
 * @param encoded what the provider gets
 */
public record Translation(ApiCodec client, ApiCodec upstream, ChatRequest request, EncodedRequest encoded) {
    /** How the provider's answer comes. */
    public enum Arrival {
        /** As one document. */
        DOCUMENT,
        /** As {@code text/event-stream}. */
        EVENTS
    }

    /**
     * Writes the request for that provider.
     *
     * @throws GatewayException where it cannot be said in the provider's format
     */
    public static Translation of(ApiCodec client, ChatRequest request, ApiCodec upstream, UpstreamModel model) {
        EncodedRequest encoded = BillingHeader.isIn(request)
                ? upstream.encodeRequest(BillingHeader.without(request), model).alsoWithout(BillingHeader.MEMBER)
                : upstream.encodeRequest(request, model);
        return new Translation(client, upstream, request, encoded);
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
        return new AnswerTranslator(this, arrival, new AnswerContext(request, requestId, now));
    }
}
