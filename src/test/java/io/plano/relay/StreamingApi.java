package io.plano.relay;

import io.plano.testing.RawClient;
import io.plano.testing.RawRequest;

/** The two surfaces that stream, each with a request that asks for a stream. */
enum StreamingApi {
    /** OpenAI's. */
    CHAT("/v1/chat/completions", "gpt-4o", "Authorization", "Bearer sk-relay-a"),
    /** Anthropic's. */
    MESSAGES("/v1/messages", "claude-sonnet-4-5", "x-api-key", "sk-ant-relay-a");

    private final String path;
    private final String model;
    private final String keyHeader;
    private final String key;

    StreamingApi(String path, String model, String keyHeader, String key) {
        this.path = path;
        this.model = model;
        this.keyHeader = keyHeader;
        this.key = key;
    }

    String path() {
        return path;
    }

    /** A request with a valid key for this surface's model, to be sent. */
    RawRequest ask(RawClient client) {
        return client.request("POST", path).header(keyHeader, key).json(body());
    }

    String body() {
        return "{\"model\":\"" + model + "\",\"stream\":true,\"messages\":[]}";
    }

    /** The beginning of the data of an error event of this surface. */
    String errorEventStart() {
        return this == CHAT ? "data: {\"error\":{\"message\":" : "event: error\ndata: {\"type\":\"error\",\"error\":";
    }

    /** The beginning of an error body of this surface. */
    String errorBodyStart() {
        return this == CHAT ? "{\"error\":{\"message\":" : "{\"type\":\"error\",\"error\":{\"type\":";
    }
}
