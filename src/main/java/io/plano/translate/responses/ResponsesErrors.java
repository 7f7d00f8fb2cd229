package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.Json;
import io.plano.translate.UpstreamErrors;
import io.plano.translate.neutral.UpstreamError;
import java.util.Set;

/** The errors inside of responses and their streams (wire-spec §4.6), for clients and from providers. */
final class ResponsesErrors {
    /** What {@code response.error.code} may be: openai-openapi, {@code ResponseErrorCode}. */
    private static final Set<String> CODES = Set.of(
            // What Codex looks for, and OpenAI sends although its reference does not list it.
            "context_length_exceeded",
            "insufficient_quota",
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

    private ResponsesErrors() {}

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
}
