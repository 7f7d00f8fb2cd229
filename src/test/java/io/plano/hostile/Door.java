package io.plano.hostile;

import io.plano.config.ConfigLoader;
import io.plano.server.GatewayServer;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.testing.GatewayContainer;
import io.plano.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/** The ways to run the gateway, and so the ways in. */
enum Door {
    /** The server of its own. */
    STANDALONE,
    /** The web application in Jetty. */
    JETTY,
    /** The web application in Tomcat. */
    TOMCAT;

    /** An open door; closing it ends the gateway. */
    interface Open extends AutoCloseable {
        int port();

        default RawClient connect() {
            return RawClient.connect(port());
        }

        @Override
        void close();
    }

    /** Serves both dialects from one upstream, translated ones included, with the client's key. */
    Open open(String upstream) {
        return open(upstream, "");
    }

    /** With more in the rows of the providers. */
    Open open(String upstream, String row) {
        String yaml = """
                version: v0.4.0
                listeners: [{type: model, name: m, address: 127.0.0.1, port: 0}]
                model_providers:
                  - {model: openai/gpt-4o, base_url: "%1$s", passthrough_auth: true, default: true%2$s}
                  - {model: anthropic/claude-sonnet-4-5, base_url: "%1$s", passthrough_auth: true%2$s}
                """.formatted(upstream, row.isEmpty() ? "" : ", " + row);
        return this == STANDALONE ? standalone(yaml) : contained(yaml.replace("port: 0", "port: 12000"));
    }

    private Open contained(String yaml) {
        GatewayContainer container = GatewayContainer.start(GatewayContainer.Kind.valueOf(name()), "/", yaml);
        return new Open() {
            @Override
            public int port() {
                return container.port();
            }

            @Override
            public void close() {
                container.close();
            }
        };
    }

    private static Open standalone(String yaml) {
        GatewaySnapshot snapshot = Objects.requireNonNull(
                ConfigLoader.parse(yaml, "test", Map.of()).snapshot());
        try {
            GatewayServer server = GatewayServer.start(snapshot);
            return new Open() {
                @Override
                public int port() {
                    return server.addresses().get(0).getPort();
                }

                @Override
                public void close() {
                    server.close();
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
