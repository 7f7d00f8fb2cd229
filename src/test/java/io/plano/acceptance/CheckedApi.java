package io.plano.acceptance;

import io.plano.testing.RawClient;
import io.plano.testing.RawRequest;
import io.plano.testing.Reply;
import java.util.List;

/** The two APIs, so far as these checks look at them: paths, bodies and the ends of streams. */
enum CheckedApi {
    /** OpenAI's chat completions. */
    CHAT("/v1/chat/completions", "data: {\"choices\":[{\"delta\":{\"content\":\"%s\"}}]}\n\n", "data: [DONE]\n\n"),
    /** Anthropic's messages. */
    MESSAGES(
            "/v1/messages",
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"%s\"}}\n\n",
            "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");

    static final String ANSWER = "{\"id\":\"x\",  \"usage\":{}}";

    private final String path;
    private final String event;
    private final String lastEvent;

    CheckedApi(String path, String event, String lastEvent) {
        this.path = path;
        this.event = event;
        this.lastEvent = lastEvent;
    }

    String path() {
        return path;
    }

    String event(String text) {
        return event.formatted(text);
    }

    String lastEvent() {
        return lastEvent;
    }

    /** The model of the provider that passes the client's key on. */
    String passthroughModel() {
        return this == CHAT ? "chat-own" : "messages-own";
    }

    String stream() {
        return event("Hello") + event("there") + lastEvent;
    }

    Reply reply(Delivery delivery) {
        return delivery == Delivery.WHOLE
                ? Reply.json(200, ANSWER)
                : Reply.sse(event("Hello"), event("there"), lastEvent);
    }

    String body(String model, Delivery delivery) {
        return """
                {"max_tokens":16, "stream": %s,
                 "messages":[{"role":"user","content":"Hello é"}], "model" : "%s"}""".formatted(delivery == Delivery.STREAM, model);
    }

    RawRequest request(RawClient client, String context, List<String> lines) {
        RawRequest request = client.request("POST", context + path);
        lines.forEach(request::line);
        return request;
    }

    /** How the answer comes. */
    enum Delivery {
        /** As one JSON document. */
        WHOLE,
        /** As server-sent events. */
        STREAM
    }
}
