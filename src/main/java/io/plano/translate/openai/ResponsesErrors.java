package io.plano.translate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.Json;
import io.plano.translate.UpstreamErrors;
import io.plano.translate.neutral.UpstreamError;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Errors in the shapes of Responses (wire-spec §4.6, §5): as a body, in a stream, and the ones that a provider puts there. */
final class ResponsesErrors {
    /** What {@code response.error.code} may be: openai-openapi, {@code ResponseErrorCode}. */
    private static final Set<String> CODES = Set.of(
            "server_error",
            "rate_limit_exceeded",
            "invalid_prompt",
            "vector_store_timeout",
            "invalid_image",
            "invalid_image_format",
            "invalid_base64_image",
            "invalid_image_url",
            "image_too_large",
            "image_too_small",
            "image_parse_error",
            "image_content_policy_violation",
            "invalid_image_mode",
            "image_file_too_large",
            "unsupported_image_media_type",
            "empty_image_file",
            "failed_to_download_image",
            "image_file_not_found");

    private static final Map<Integer, String> USUAL_CODES = Map.of(
            401, "invalid_api_key",
            402, "insufficient_quota",
            429, "rate_limit_exceeded",
            503, "overloaded",
            529, "overloaded",
            408, "timeout",
            504, "timeout");

    private ResponsesErrors() {}

    /** The status for a client: 529 is known to Anthropic's clients only, 424 is Bedrock's word for a failure of its own. */
    static int status(UpstreamError error) {
        int status = error.status();
        if (status == 529) {
            return 503;
        }
        return status == 424 || status < 400 || status > 599 ? 502 : status;
    }

    static byte[] body(UpstreamError error) {
        ObjectNode body = Json.nodes().objectNode();
        ObjectNode written = body.putObject("error");
        written.put("message", error.message());
        written.put("type", type(error));
        written.put("param", error.param());
        written.put("code", code(error));
        return Json.bytes(body);
    }

    private static String type(UpstreamError error) {
        int status = status(error);
        if (status == 403) {
            return "permission_error";
        } else if (status == 402 || "insufficient_quota".equals(error.code())) {
            return "insufficient_quota";
        } else if (status == 429) {
            return "rate_limit_error";
        }
        return status < 500 && status != 408 ? "invalid_request_error" : "server_error";
    }

    private static @Nullable String code(UpstreamError error) {
        return error.code() != null ? error.code() : USUAL_CODES.get(error.status());
    }

    /** The code of an error in a response that has begun. */
    static String codeInResponse(UpstreamError error) {
        if (error.code() != null && CODES.contains(error.code())) {
            return error.code();
        }
        return error.status() == 429 ? "rate_limit_exceeded" : "server_error";
    }

    /** The error of a response that failed. */
    static UpstreamError ofFailed(JsonNode response) {
        JsonNode error = response.get("error");
        if (error == null || error.isNull()) {
            return new UpstreamError(
                    502, null, "server_error", "The model provider reported a failure and no reason.", null, null);
        }
        return inStream(Json.nodes().objectNode().set("error", error));
    }

    /** The error of an {@code error} event, flat or wrapped. */
    static UpstreamError ofEvent(JsonNode event) {
        if (event.hasNonNull("error")) {
            return inStream(event);
        }
        ObjectNode error = event.deepCopy();
        error.remove("type");
        return inStream(error);
    }

    private static UpstreamError inStream(JsonNode document) {
        UpstreamError error = UpstreamErrors.of(200, document);
        boolean clients = error.code() != null
                && CODES.contains(error.code())
                && (error.code().contains("image") || error.code().equals("invalid_prompt"));
        return clients
                ? new UpstreamError(400, error.type(), error.code(), error.message(), error.param(), error.requestId())
                : error;
    }

    static UpstreamError malformed() {
        return new UpstreamError(
                502,
                null,
                "upstream_malformed",
                "The model provider sent something that is not an answer of its API.",
                null,
                null);
    }

    static UpstreamError truncated() {
        return new UpstreamError(
                502,
                null,
                "upstream_truncated",
                "The model provider ended its stream before it was complete.",
                null,
                null);
    }
}
