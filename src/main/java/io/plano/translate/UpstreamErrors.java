package io.plano.translate;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.translate.neutral.UpstreamError;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
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
    private static final Pattern NAMED = Pattern.compile(
            "(?:[Pp]arameter:?|[Aa]rgument(?: supplied)?:?|[Ff]ield:?|[Vv]alue for:?) ?['\"`]([a-z][a-z0-9_]*(?:[.\\[][a-z0-9_\\[\\].]*)?)['\"`]");
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_.\\-]{1,64}");

    private UpstreamErrors() {}

    /** The error that an answer with this status and body is. */
    public static UpstreamError read(int status, byte[] body) {
        JsonNode document = Json.read(body);
        if (document == null) {
            return told(new UpstreamError(status, null, null, textOr(status, body), null, null));
        }
        return of(status, document.isArray() && document.size() == 1 ? document.get(0) : document);
    }

    /**
     * The error that this document is.
     *
     * @param status what the answer's head said; the error's own word counts if the head was a success
     */
    public static UpstreamError of(int status, JsonNode document) {
        JsonNode error = errorIn(document);
        if (error.isTextual()) {
            return told(new UpstreamError(
                    statusOf(status, document),
                    null,
                    symbol(document.get("code")),
                    clean(error.textValue(), status),
                    null,
                    text(document.get("request_id"))));
        }
        String message = firstText(
                error.get("message"),
                error.get("detail"),
                error.get("Message"),
                error.get("error_msg"),
                error.get("status_msg"),
                error.get("msg"));
        return told(new UpstreamError(
                statusOf(status, error),
                symbol(error.get("type")),
                symbol(error.get("code")),
                clean(message, status),
                text(error.get("param")),
                text(document.get("request_id"))));
    }

    /** Where a document tells of its error: Cloudflare has a list of them, MiniMax an answer's base. */
    private static JsonNode errorIn(JsonNode document) {
        if (document.hasNonNull("error")) {
            return document.get("error");
        } else if (document.path("errors").path(0).isContainerNode()
                || document.path("errors").path(0).isTextual()) {
            return document.path("errors").path(0);
        }
        return isFailedBase(document) ? document.path("base_resp") : document;
    }

    private static boolean isFailedBase(JsonNode document) {
        return document.path("base_resp").path("status_code").asInt(0) != 0;
    }

    /** A context that is too small has one code, whoever says so in whatever words. */
    private static UpstreamError told(UpstreamError error) {
        String message = error.message();
        boolean tooLong = ContextOverflow.isToldBy(error.status(), message);
        return new UpstreamError(
                tooLong ? 400 : error.status(),
                error.type(),
                tooLong ? ContextOverflow.CODE : error.code(),
                message,
                error.param() == null ? namedIn(message) : error.param(),
                error.requestId());
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

    /**
     * Whether a document in the place of an answer is an error that calls itself by no name: {@code {"code","message"}} of
     * SiliconFlow, {@code {"detail"}} of FastAPI, {@code {"errors":[…]}} of Cloudflare, {@code base_resp} of MiniMax.
     */
    public static boolean isBareError(JsonNode document) {
        if (!document.isObject() || isAnswer(document)) {
            return false;
        }
        return document.hasNonNull("message")
                || document.hasNonNull("detail")
                || document.hasNonNull("error_msg")
                || (document.hasNonNull("msg") && document.hasNonNull("code"))
                || !document.path("errors").isEmpty()
                || isFailedBase(document);
    }

    private static boolean isAnswer(JsonNode document) {
        return !document.path("choices").isEmpty()
                || document.hasNonNull("output")
                || document.hasNonNull("content")
                || document.hasNonNull("delta")
                || document.hasNonNull("response");
    }

    /** The error that a document without a name for it is, in an answer with a status of success. */
    public static UpstreamError ofBare(JsonNode document) {
        UpstreamError error = of(200, document);
        boolean unsaid = error.status() == 500;
        return unsaid
                ? new UpstreamError(502, error.type(), error.code(), error.message(), error.param(), error.requestId())
                : error;
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

    /** The member that a message names in quotes, as {@code 'temperature' is not supported}: the first one. */
    static @Nullable String namedIn(String message) {
        Matcher named = NAMED.matcher(message);
        return named.find() ? named.group(1) : null;
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
