package io.plano.translate.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plano.translate.JsonText;
import io.plano.translate.neutral.UpstreamError;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The error of any provider for a client of OpenAI's APIs: {@code {"error":{"message","type","param","code"}}}, all four
 * members always there. The status decides on the type, so that words of other APIs do not leak into it; a code is a word or
 * null. If another API has no codes, the one is given that OpenAI's clients branch on. Source: OpenAI API reference and
 * guide "Error codes".
 */
public final class OpenAiErrors {
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final String QUOTA = "insufficient_quota";

    private OpenAiErrors() {}

    /** The status for a client; Bedrock's 424 means nothing to anybody. */
    public static int status(UpstreamError error) {
        int status = error.status();
        return status < 400 || status > 599 || status == 424 ? 502 : status;
    }

    public static byte[] body(UpstreamError error) {
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeStringField("message", error.message());
            json.writeStringField("type", type(error));
            writeNullable(json, "param", error.param());
            writeNullable(json, "code", code(error));
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static void writeNullable(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, value);
        }
    }

    private static String type(UpstreamError error) {
        int status = status(error);
        if (status >= 500) {
            return status == 504 ? "timeout" : "server_error";
        }
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 402 -> QUOTA;
            case 408 -> "timeout";
            case 429 -> QUOTA.equals(error.type()) || QUOTA.equals(error.code()) ? QUOTA : "rate_limit_error";
            default -> "invalid_request_error";
        };
    }

    private static @Nullable String code(UpstreamError error) {
        String code = error.code();
        if (code != null && !NUMBER.matcher(code).matches()) {
            return code;
        }
        return switch (error.status()) {
            case 400 -> isTooLong(error) ? "context_length_exceeded" : null;
            case 401 -> "invalid_api_key";
            case 402 -> QUOTA;
            case 404 -> error.message().toLowerCase(Locale.ROOT).contains("model") ? "model_not_found" : null;
            case 429 -> "rate_limit_exceeded";
            case 529 -> "overloaded";
            default -> null;
        };
    }

    /** Anthropic's words, which come without a code. */
    private static boolean isTooLong(UpstreamError error) {
        String message = error.message().toLowerCase(Locale.ROOT);
        return message.contains("prompt is too long") || message.contains("exceed context limit");
    }
}
