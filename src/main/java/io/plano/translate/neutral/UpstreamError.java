package io.plano.translate.neutral;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A provider's own error, whatever its shape was.
 *
 * @param status the HTTP status; in a stream whose head was a success, the status that the error would have had, as far as
 *     its words tell: 500 otherwise
 * @param type the provider's type, such as {@code rate_limit_error}, or null
 * @param code its symbolic code, such as {@code context_length_exceeded}, or null
 * @param message its words for people; never empty
 * @param param the member of the request that it names, or null
 * @param requestId the provider's request id, if the body gives one, or null
 */
public record UpstreamError(
        int status,
        @Nullable String type,
        @Nullable String code,
        String message,
        @Nullable String param,
        @Nullable String requestId) {
    /** The same with every text changed so. */
    public UpstreamError with(UnaryOperator<String> change) {
        return new UpstreamError(
                status,
                or(type, change),
                or(code, change),
                change.apply(message),
                or(param, change),
                or(requestId, change));
    }

    private static @Nullable String or(@Nullable String text, UnaryOperator<String> change) {
        return text == null ? null : change.apply(text);
    }
}
