package io.plano.translate.messages;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.translate.ApiAnswers;
import io.plano.translate.JsonText;
import io.plano.translate.ModelEntry;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.Losses;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Anthropic's shapes: {@code {"type":"error","error":{"type","message"},"request_id"}} and {@code
 * {"data":[…],"has_more":false,"first_id","last_id"}}. Source: Anthropic API reference, "Errors" and "List models".
 */
public final class AnthropicAnswers implements ApiAnswers {
    @Override
    public byte[] error(GatewayException failure, String requestId) {
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeStringField("type", "error");
            json.writeObjectFieldStart("error");
            json.writeStringField("type", type(failure.kind()));
            json.writeStringField("message", failure.clientMessage());
            if (Losses.NO_THREADS.equals(failure.code())) {
                writeNoThreads(json);
            }
            json.writeEndObject();
            json.writeStringField("request_id", requestId);
            json.writeEndObject();
        });
    }

    /** What Anthropic's SDK looks for before it asks again without the thread. */
    private static void writeNoThreads(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("details");
        json.writeStringField("error_code", Losses.NO_THREADS);
        json.writeArrayFieldStart("unsupported");
        json.writeString(Losses.THREAD);
        json.writeEndArray();
        json.writeEndObject();
    }

    @Override
    public byte[] errorEvent(GatewayException failure, String requestId) {
        return Framing.sse().event("error", error(failure, requestId));
    }

    private static String type(FailureKind kind) {
        return switch (kind) {
            case UNAUTHENTICATED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case MODEL_NOT_FOUND, NOT_FOUND -> "not_found_error";
            case BODY_TOO_LARGE -> "request_too_large";
            case OVERLOADED -> "overloaded_error";
            case UPSTREAM_TIMEOUT, UPSTREAM_CONNECT_TIMEOUT -> "timeout_error";
            default -> kind.status() < 500 ? "invalid_request_error" : "api_error";
        };
    }

    @Override
    public byte[] models(List<ModelEntry> models) {
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("data");
            for (ModelEntry model : models) {
                writeModel(json, model);
            }
            json.writeEndArray();
            json.writeBooleanField("has_more", false);
            writeId(json, "first_id", models.isEmpty() ? null : models.get(0));
            writeId(json, "last_id", models.isEmpty() ? null : models.get(models.size() - 1));
            json.writeEndObject();
        });
    }

    private static void writeId(JsonGenerator json, String field, @Nullable ModelEntry model) throws IOException {
        if (model == null) {
            json.writeNullField(field);
        } else {
            json.writeStringField(field, model.id());
        }
    }

    @Override
    public byte[] model(ModelEntry model) {
        return JsonText.of(json -> writeModel(json, model));
    }

    private static void writeModel(JsonGenerator json, ModelEntry model) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "model");
        json.writeStringField("id", model.id());
        json.writeStringField("display_name", model.id());
        // The gateway does not know when a provider made a model; clients require the member.
        json.writeStringField("created_at", "1970-01-01T00:00:00Z");
        json.writeEndObject();
    }
}
