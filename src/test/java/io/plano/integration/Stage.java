package io.plano.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.RawClient;
import io.plano.testing.RawRequest;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One upstream and one gateway in front of it. The upstream answers as the request asks, with JSON or with events,
 * unless a test says otherwise. Each request goes over a connection of its own. One thread.
 */
final class Stage implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(10);
    static final String JSON_ANSWER = "{\"id\":\"answer-1\",\"choices\":[]}";
    static final String EVENT = "data: {\"id\":\"answer-1\"}\n\n";
    static final String LAST_EVENT = "data: [DONE]\n\n";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeUpstream upstream;
    private final GatewayContainer gateway;
    private final AccessLines accessLog;

    private Stage(FakeUpstream upstream, GatewayContainer gateway, AccessLines accessLog) {
        this.upstream = upstream;
        this.gateway = gateway;
        this.accessLog = accessLog;
    }

    /** A gateway with these entries of {@code model_providers}; {@code UPSTREAM} in them is the upstream's base URL. */
    static Stage open(GatewayContainer.Kind kind, String... entries) {
        return openFile(kind, "/", "model_providers:\n  - " + String.join("\n  - ", entries) + "\n");
    }

    /** A gateway at that context path with the rest of a configuration file. */
    static Stage openFile(GatewayContainer.Kind kind, String contextPath, String yaml) {
        FakeUpstream upstream = FakeUpstream.start();
        upstream.onRequest(Stage::answer);
        String file = "version: v0.4.0\nlisteners: [{type: model, name: m, port: 12000}]\n" + yaml;
        try {
            GatewayContainer gateway =
                    GatewayContainer.start(kind, contextPath, file.replace("UPSTREAM", upstream.baseUrl()));
            return new Stage(upstream, gateway, new AccessLines());
        } catch (RuntimeException failed) {
            upstream.close();
            throw failed;
        }
    }

    /** What the upstream answers by itself. */
    static Reply answer(UpstreamRequest request) {
        if (request.method().equals("HEAD")) {
            return Reply.script()
                    .head(200, "Content-Type: application/json", "Content-Length: " + JSON_ANSWER.length());
        }
        boolean stream =
                request.header("Content-Type") != null && request.bodyText().contains("\"stream\":true");
        return stream ? Reply.sse(EVENT, LAST_EVENT) : Reply.json(200, JSON_ANSWER);
    }

    FakeUpstream upstream() {
        return upstream;
    }

    GatewayContainer gateway() {
        return gateway;
    }

    AccessLines accessLog() {
        return accessLog;
    }

    RawClient connect() {
        return RawClient.connect(gateway.port());
    }

    /** An answer that has been read to its end. */
    record Answer(RawResponse head, String body) {
        int status() {
            return head.status();
        }

        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException malformed) {
                throw new UncheckedIOException(body, malformed);
            }
        }
    }

    /** Sends one request and reads the whole answer. */
    Answer exchange(String method, String path, Consumer<RawRequest> builder) {
        try (RawClient client = connect()) {
            RawRequest request = client.request(method, path);
            builder.accept(request);
            RawResponse response = request.exchange();
            return new Answer(response, response.bodyText());
        }
    }

    /** Posts JSON with these header lines. */
    Answer post(String path, String body, String... headerLines) {
        return exchange("POST", path, request -> {
            for (String line : headerLines) {
                request.line(line);
            }
            request.json(body);
        });
    }

    /** As {@link #post}; gives what the upstream received, after a look at whether the client got its answer. */
    UpstreamRequest delivered(String path, String body, String... headerLines) {
        Answer answer = post(path, body, headerLines);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isIn(JSON_ANSWER, EVENT + LAST_EVENT);
        return takeRequest();
    }

    UpstreamRequest takeRequest() {
        try {
            return upstream.takeRequest(SOON);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** That no connection was ever made to the upstream. */
    void assertUntouched() {
        assertThat(upstream.connectionsAccepted()).isZero();
    }

    @Override
    public void close() {
        try {
            gateway.close();
        } finally {
            accessLog.close();
            upstream.close();
        }
    }
}
