package io.plano.proxy.answer;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.BodyChange;
import io.plano.http.ClientHead;
import io.plano.http.HeaderRules;
import io.plano.http.Headers;
import io.plano.provider.ApiDialect;
import io.plano.translate.Translation;
import org.jspecify.annotations.Nullable;

/** Step 10: the head of a provider's answer, made ready for the client. Stateless. */
public final class AnswerHeads {
    private static final String REQUEST_ID = "x-request-id";

    /** Anthropic's name for it. */
    private static final String ANTHROPIC_REQUEST_ID = "request-id";

    private AnswerHeads() {}

    /** For a body that goes on as it is, or without the gateway's secrets. */
    static Headers.Builder identity(Headers upstream, AnswerTerms terms, BodyChange change) {
        ClientHead head = new ClientHead(terms.pseudonym(), change, null, terms.credentialed());
        return identified(HeaderRules.toClient(upstream, head), terms.recipient());
    }

    /** For a body that is translated. */
    static Headers translated(Headers upstream, AnswerTerms terms, String contentType) {
        Recipient recipient = terms.recipient();
        ClientHead head = new ClientHead(terms.pseudonym(), BodyChange.DECODED, contentType, terms.credentialed());
        Headers stripped = HeaderRules.toClient(upstream, head);
        Headers.Builder own = Headers.builder();
        for (int i = 0; i < stripped.size(); i++) {
            if (!recipient.dialect().isForeign(stripped.name(i))) {
                own.add(stripped.name(i), stripped.value(i));
            }
        }
        translateRequestId(own, recipient.dialect());
        Headers.Builder headers = identified(own.build(), recipient);
        if (recipient.dialect() == ApiDialect.ANTHROPIC && headers.first(ANTHROPIC_REQUEST_ID) == null) {
            headers.add(ANTHROPIC_REQUEST_ID, recipient.id());
        }
        return addDropped(headers, terms).build();
    }

    /** The provider's id, under the name that SDKs of the client's API read as well. */
    private static void translateRequestId(Headers.Builder headers, ApiDialect client) {
        String wanted = client == ApiDialect.ANTHROPIC ? ANTHROPIC_REQUEST_ID : REQUEST_ID;
        String other = client == ApiDialect.ANTHROPIC ? REQUEST_ID : ANTHROPIC_REQUEST_ID;
        String theirs = headers.first(other);
        if (headers.first(wanted) == null && theirs != null) {
            headers.add(wanted, theirs);
        }
    }

    /** What the provider did not get of the request. */
    private static Headers.Builder addDropped(Headers.Builder headers, AnswerTerms terms) {
        Translation translation = terms.translation();
        if (translation != null && !translation.dropped().isEmpty()) {
            headers.add(DroppedMembers.HEADER, DroppedMembers.headerValue(translation.dropped()));
        }
        return headers;
    }

    /**
     * What becomes of an answer whose head is more than the client's connection takes.
     *
     * @return null where it is not
     */
    static @Nullable GatewayException tooLarge(Headers headers, Recipient recipient) {
        return recipient.response().canSend(headers)
                ? null
                : GatewayException.of(
                        FailureKind.UPSTREAM_PROTOCOL, "The model provider's answer has a head that is too large.");
    }

    /**
     * A client that sent an id gets it back, and the provider's own beside it; a client that sent none gets the
     * provider's, which its support asks for, or else ours.
     */
    private static Headers.Builder identified(Headers clientHeaders, Recipient recipient) {
        Headers.Builder headers = clientHeaders.toBuilder().remove("Content-Length");
        String theirs = headers.first(REQUEST_ID);
        boolean clientNamedIt = recipient.id().equals(recipient.head().headers().first(REQUEST_ID));
        if (theirs == null) {
            headers.add(REQUEST_ID, recipient.id());
        } else if (clientNamedIt && !theirs.equals(recipient.id())) {
            headers.set(REQUEST_ID, recipient.id()).add("x-upstream-request-id", theirs);
        }
        return headers;
    }

    /** The provider's own id of the request; null if it names none. */
    public static @Nullable String requestId(Headers upstream) {
        String id = upstream.first(REQUEST_ID);
        return id != null ? id : upstream.first(ANTHROPIC_REQUEST_ID);
    }

    static boolean isEventStream(Headers headers) {
        String type = headers.first("Content-Type");
        return type != null && type.regionMatches(true, 0, "text/event-stream", 0, 17);
    }
}
