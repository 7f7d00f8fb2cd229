package io.plano.translate;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.translate.neutral.UpstreamError;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the error of a provider, whoever it is. Few keep to the API that they otherwise follow: Mistral says {@code
 * {"detail"}}, xAI {@code {"code","error":"…"}}, OpenRouter and vLLM number their codes, Cohere says {@code {"message"}},
 * and what stands in front of a provider answers in HTML. Keys and addresses in its words are blotted out.
 */
public final class UpstreamErrors {
    /** Longer texts are cut: some providers quote the whole request. */
    private static final int MAX_MESSAGE = 4_000;

    private static final Pattern SECRET =
            Pattern.compile("(?i)(sk-|gsk_|xai-|AIza|key-|Bearer\\s+)[A-Za-z0-9_\\-.*]{6,}");
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_.\\-]{1,64}");

    private UpstreamErrors() {}

    /** The error that an answer with this status and body is. */
    public static UpstreamError read(int status, byte[] body) {
        JsonNode document = Json.read(body);
        if (document == null) {
            return new UpstreamError(status, null, null, textOr(status, body), null, null);
        }
        return of(status, document.isArray() && document.size() == 1 ? document.get(0) : document);
    }

    /**
     * The error that this document is.
     *
     * @param status what the answer's head said; the error's own word counts if the head was a success
     */
    public static UpstreamError of(int status, JsonNode document) {
        JsonNode error = document.has("error") ? document.get("error") : document;
        if (error.isTextual()) {
            return new UpstreamError(
                    statusOf(status, document),
                    null,
                    symbol(document.get("code")),
                    clean(error.textValue(), status),
                    null,
                    text(document.get("request_id")));
        }
        String message = firstText(error.get("message"), error.get("detail"), error.get("Message"));
        return new UpstreamError(
                statusOf(status, error),
                symbol(error.get("type")),
                symbol(error.get("code")),
                clean(message, status),
                text(error.get("param")),
                text(document.get("request_id")));
    }

    /** The stream of a provider that ended without its format's last word. */
    public static UpstreamError truncated() {
        return new UpstreamError(
                502,
                null,
                "upstream_truncated",
                "The model provider ended its stream before it was complete.",
                null,
                null);
    }

    /** Whether a document that came with a success is an error all the same: OpenRouter and some gateways do that. */
    public static boolean isError(JsonNode document) {
        return document.hasNonNull("error")
                || "error".equals(document.path("type").textValue())
                || "error".equals(document.path("object").textValue());
    }

    private static int statusOf(int status, JsonNode error) {
        if (status >= 400) {
            return status;
        }
        for (String member : new String[] {"status_code", "status", "code"}) {
            int own = error.path(member).asInt(0);
            if (own >= 400 && own <= 599) {
                return own;
            }
        }
        return statusOfType(
                error.path("type").asText("") + " " + error.path("code").asText(""));
    }

    private static int statusOfType(String words) {
        String type = words.toLowerCase(Locale.ROOT);
        if (type.contains("overloaded")) {
            return 529;
        } else if (type.contains("rate_limit") || type.contains("quota")) {
            return 429;
        } else if (type.contains("authentication") || type.contains("invalid_api_key")) {
            return 401;
        } else if (type.contains("permission")) {
            return 403;
        } else if (type.contains("not_found")) {
            return 404;
        } else if (type.contains("invalid_request") || type.contains("context_length") || type.contains("policy")) {
            return 400;
        }
        return type.contains("timeout") ? 504 : 500;
    }

    private static @Nullable String symbol(@Nullable JsonNode node) {
        return node != null
                        && node.isTextual()
                        && TYPE.matcher(node.textValue()).matches()
                ? node.textValue()
                : null;
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node != null && node.isTextual() && !node.textValue().isBlank() ? node.textValue() : null;
    }

    private static @Nullable String firstText(@Nullable JsonNode... nodes) {
        for (JsonNode node : nodes) {
            if (node != null && !node.isNull()) {
                return node.isTextual() ? node.textValue() : Json.compact(node);
            }
        }
        return null;
    }

    private static String clean(@Nullable String message, int status) {
        if (message == null || message.isBlank()) {
            return words(status);
        }
        String cut = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "…" : message;
        return SECRET.matcher(cut).replaceAll("$1***");
    }

    /** Plain text is passed on; a page of HTML says nothing to a program. */
    private static String textOr(int status, byte[] body) {
        String text = new String(body, 0, Math.min(body.length, MAX_MESSAGE), StandardCharsets.UTF_8).strip();
        return text.isEmpty() || text.startsWith("<") ? words(status) : clean(text, status);
    }

    private static String words(int status) {
        return "The model provider answered with status " + status + " and no explanation.";
    }
}
