package io.plano.relay;

import io.plano.testing.Await;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.RawClient;
import io.plano.testing.RawRequest;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import java.time.Duration;

/**
 * A gateway in a container with one upstream behind it, which serves both dialects with the client's key. Closing it
 * closes the gateway first, so that what it left open shows at the upstream.
 */
final class Relay implements AutoCloseable {
    /** Long enough for a machine under load, short enough to wait for. */
    static final Duration SOON = Duration.ofSeconds(10);

    private final FakeUpstream upstream;
    private final GatewayContainer gateway;

    private Relay(FakeUpstream upstream, GatewayContainer gateway) {
        this.upstream = upstream;
        this.gateway = gateway;
    }

    static Relay start(GatewayContainer.Kind kind) {
        return start(kind, FakeUpstream.start(), "300s");
    }

    /** With a timeout for the first byte and for silence. */
    static Relay start(GatewayContainer.Kind kind, String timeout) {
        return start(kind, FakeUpstream.start(), timeout);
    }

    static Relay start(GatewayContainer.Kind kind, FakeUpstream upstream, String timeout) {
        return start(kind, upstream, timeout, upstream.baseUrl());
    }

    static Relay start(GatewayContainer.Kind kind, FakeUpstream upstream, String timeout, String baseUrl) {
        String yaml = """
                version: v0.4.0
                listeners: [{type: model, name: relay, port: 12000, timeout: %s}]
                model_providers:
                  - {model: openai/gpt-4o, base_url: %s, passthrough_auth: true, default: true}
                  - {model: anthropic/claude-sonnet-4-5, base_url: %s, passthrough_auth: true}
                model_aliases: {nick: {target: gpt-4o}}
                """.formatted(timeout, baseUrl, baseUrl);
        try {
            return new Relay(upstream, GatewayContainer.start(kind, "/", yaml));
        } catch (RuntimeException | Error failed) {
            upstream.close();
            throw failed;
        }
    }

    FakeUpstream upstream() {
        return upstream;
    }

    RawClient connect() {
        return RawClient.connect(gateway.port());
    }

    RawClient connectWithReceiveBuffer(int bytes) {
        return RawClient.connectWithReceiveBuffer(gateway.port(), bytes);
    }

    /** An upload that the gateway streams without holding it. */
    static RawRequest upload(RawClient client) {
        return client.request("POST", "/v1/files")
                .header("Authorization", "Bearer sk-relay-a")
                .header("Content-Type", "application/octet-stream");
    }

    /** A download. */
    static RawRequest download(RawClient client) {
        return client.request("GET", "/v1/files/file-1/content").header("Authorization", "Bearer sk-relay-a");
    }

    /** A complete exchange on a connection of its own, which shows that the gateway still serves. */
    RawResponse exchange() {
        upstream.enqueue(Reply.json(200, "{\"still\":\"serving\"}"));
        try (RawClient client = connect()) {
            RawResponse response = StreamingApi.CHAT.ask(client).exchange();
            response.readBody();
            return response;
        }
    }

    /** Waits until no exchange with the upstream is under way. */
    void awaitIdle() {
        Await.until(
                SOON,
                () -> upstream.busyConnections() + " upstream connections are busy",
                () -> upstream.busyConnections() == 0);
    }

    @Override
    public void close() {
        try (upstream;
                gateway) {
            // the gateway goes first
        }
    }
}
