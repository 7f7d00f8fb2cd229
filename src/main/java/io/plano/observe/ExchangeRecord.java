package io.plano.observe;

import io.plano.credential.ResolvedCredential;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.RequestHead;
import io.plano.usage.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an exchange when it is over. Holds no secret: credentials are named by where they came from.
 *
 * @param id the exchange's id, the client's {@code x-request-id} where it sent a usable one
 * @param method the request method
 * @param path the request path, without the query
 * @param modelAsked what the client named, or null
 * @param modelSent what the provider was asked for, or null
 * @param provider the provider's name, or null where none was asked
 * @param translatedTo the format in which the provider was asked, where that was not the client's: {@code messages}; or
 *     null
 * @param credentialSource a slot's header name, {@code access_key} or {@code none}
 * @param attempts how many times a provider was asked
 * @param status what the client got, or would have got
 * @param upstreamRequestId the provider's own id of the request, or null
 * @param requestBytes of the body as received; -1 where it was streamed without a declared length
 * @param responseBytes of the body as sent
 * @param usage what the provider says that its answer cost, where the gateway could read it
 * @param firstByteNanos from the start to the first byte of the response; -1 where there was none
 * @param durationNanos from the start to the end
 * @param end how it ended: {@code complete}, {@code client_gone}, or the name of the failure
 */
public record ExchangeRecord(
        String id,
        String method,
        String path,
        @Nullable String modelAsked,
        @Nullable String modelSent,
        @Nullable String provider,
        @Nullable String translatedTo,
        String credentialSource,
        int attempts,
        int status,
        @Nullable String upstreamRequestId,
        long requestBytes,
        long responseBytes,
        TokenUsage usage,
        long firstByteNanos,
        long durationNanos,
        String end) {

    /** A request that was refused from its head alone, at once. */
    public static ExchangeRecord refused(String id, RequestHead head, GatewayException refusal, long responseBytes) {
        FailureKind kind = refusal.kind();
        return new ExchangeRecord(
                id,
                head.method(),
                head.path(),
                null,
                null,
                null,
                null,
                ResolvedCredential.NONE.source(),
                0,
                kind.status(),
                null,
                head.hasBody() ? head.contentLength() : 0,
                responseBytes,
                TokenUsage.NOT_TOLD,
                0,
                0,
                LogNames.of(kind));
    }
}
