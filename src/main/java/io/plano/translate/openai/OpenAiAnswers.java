package io.plano.translate.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.translate.ApiAnswers;
import io.plano.translate.JsonText;
import io.plano.translate.ModelEntry;
import io.plano.translate.framing.Framing;
import java.io.IOException;
import java.util.List;

/**
 * OpenAI's shapes: {@code {"error":{"message","type","param","code"}}} and {@code {"object":"list","data":[…]}}. Source:
 * OpenAI API reference, "Errors" and "Models".
 */
public final class OpenAiAnswers implements ApiAnswers {
    @Override
    public byte[] error(GatewayException failure, String requestId) {
        return JsonText.of(json -> writeError(json, failure));
    }

    /** Clients of OpenAI streams look for a top-level {@code error} in the data of any event. */
    @Override
    public byte[] errorEvent(GatewayException failure, String requestId) {
        return Framing.sse().event("", error(failure, requestId));
    }

    private static void writeError(JsonGenerator json, GatewayException failure) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("error");
        json.writeStringField("message", failure.clientMessage());
        json.writeStringField("type", type(failure.kind()));
        json.writeNullField("param");
        if (failure.code() == null) {
            json.writeNullField("code");
        } else {
            json.writeStringField("code", failure.code());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static String type(FailureKind kind) {
        return switch (kind) {
            case UNAUTHENTICATED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            default -> kind.status() < 500 ? "invalid_request_error" : "server_error";
        };
    }

    @Override
    public byte[] models(List<ModelEntry> models) {
        return JsonText.of(json -> {
            json.writeStartObject();
            json.writeStringField("object", "list");
            json.writeArrayFieldStart("data");
            for (ModelEntry model : models) {
                writeModel(json, model);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    @Override
    public byte[] model(ModelEntry model) {
        return JsonText.of(json -> writeModel(json, model));
    }

    private static void writeModel(JsonGenerator json, ModelEntry model) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", model.id());
        json.writeStringField("object", "model");
        // The gateway does not know when a provider made a model; clients require the member.
        json.writeNumberField("created", 0);
        json.writeStringField("owned_by", model.ownedBy());
        json.writeEndObject();
    }
}
