package io.plano.translate.messages;

import io.plano.translate.JsonText;
import io.plano.translate.neutral.UpstreamError;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Errors as Anthropic's clients know them: the type follows the status, and the provider's own type only if it is one of
 * Anthropic's for that status. A context that is too small is told in the words that clients look for before they shorten a
 * conversation. Stateless. Source: Anthropic API reference, "Errors".
 */
final class MessagesErrors {
    private static final String TOO_LONG = "prompt is too long";
    private static final Set<String> REFINED = Set.of("billing_error", "overloaded_error", "timeout_error");

    private MessagesErrors() {}

    static int status(UpstreamError error) {
        int status = error.status();
        return status < 400 || status > 599 || status == 424 ? 502 : status;
    }

    static byte[] body(UpstreamError error, @Nullable String requestId) {
        String id = error.requestId() == null ? requestId : error.requestId();
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeStringField("type", "error");
            json.writeObjectFieldStart("error");
            json.writeStringField("type", type(error));
            json.writeStringField("message", message(error));
            if (error.code() != null && !isAnthropics(error)) {
                json.writeStringField("code", error.code());
            }
            json.writeEndObject();
            if (id != null) {
                json.writeStringField("request_id", id);
            }
            json.writeEndObject();
        });
    }

    private static String type(UpstreamError error) {
        String own = error.type();
        return own != null && REFINED.contains(own) ? own : typeOf(status(error));
    }

    private static String typeOf(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 408, 504 -> "timeout_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }

    /** Told in Anthropic's own words, which have no code. */
    private static boolean isAnthropics(UpstreamError error) {
        return isTooLong(error) && error.message().contains(TOO_LONG);
    }

    private static boolean isTooLong(UpstreamError error) {
        return "context_length_exceeded".equals(error.code());
    }

    private static String message(UpstreamError error) {
        return isTooLong(error) && !error.message().contains(TOO_LONG)
                ? TOO_LONG + ": " + error.message()
                : error.message();
    }
}
