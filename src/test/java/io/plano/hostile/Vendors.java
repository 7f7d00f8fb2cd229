package io.plano.hostile;

import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.RawClient;
import io.plano.testing.RawRequest;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;
import java.util.List;
import java.util.stream.Stream;

/**
 * A gateway in front of two vendors that answer everything with 200. Each request goes over a connection of its own. One
 * thread.
 */
final class Vendors implements AutoCloseable {
    /** A body behind the head of an answer to HEAD would be read as the beginning of the next answer. */
    private static Reply reply(UpstreamRequest request, String body) {
        return request.method().equals("HEAD")
                ? Reply.script().head(200, "Content-Type: application/json", "Content-Length: " + body.length())
                : Reply.json(200, body);
    }

    private final FakeUpstream openai = FakeUpstream.start().onRequest(request -> reply(request, "{\"from\":1}"));
    private final FakeUpstream anthropic = FakeUpstream.start().onRequest(request -> reply(request, "{\"from\":2}"));
    private final GatewayContainer gateway;

    private Vendors(String yaml) {
        String file = "version: v0.4.0\nlisteners: []\n"
                + yaml.replace("OPENAI", openai.baseUrl()).replace("ANTHROPIC", anthropic.baseUrl());
        this.gateway = GatewayContainer.start(GatewayContainer.Kind.JETTY, "/", file);
    }

    /** With these entries of {@code model_providers}; {@code OPENAI} and {@code ANTHROPIC} in them are addresses. */
    static Vendors open(String... entries) {
        return new Vendors("model_providers:\n  - {" + String.join("}\n  - {", entries) + "}\n");
    }

    /** With the rest of a file. */
    static Vendors openFile(String yaml) {
        return new Vendors(yaml);
    }

    /** An answer that has been read to its end. */
    record Answer(int status, String body) {}

    /**
     * Sends one request.
     *
     * @param body JSON, or empty for none
     * @param headerLines {@code name: value}
     */
    Answer send(String method, String path, String body, String... headerLines) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawRequest request = client.request(method, path);
            Stream.of(headerLines).forEach(request::line);
            if (!body.isEmpty()) {
                boolean isTyped = Stream.of(headerLines)
                        .anyMatch(
                                line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-type:"));
                if (isTyped) {
                    request.body(body);
                } else {
                    request.json(body);
                }
            }
            RawResponse response = request.exchange();
            return new Answer(response.status(), response.bodyText());
        }
    }

    List<UpstreamRequest> seenByOpenAi() {
        return openai.requests();
    }

    List<UpstreamRequest> seenByAnthropic() {
        return anthropic.requests();
    }

    /** How many connections were made to any vendor. */
    int connections() {
        return openai.connectionsAccepted() + anthropic.connectionsAccepted();
    }

    @Override
    public void close() {
        try {
            gateway.close();
        } finally {
            openai.close();
            anthropic.close();
        }
    }
}
