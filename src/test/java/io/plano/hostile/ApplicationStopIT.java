package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.ConfigLoader;
import io.plano.config.LoadResult;
import io.plano.hostile.OpenAnswer.Kind;
import io.plano.server.DispatchMode;
import io.plano.server.GatewayServer;
import io.plano.testing.Await;
import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which an application comes to its end, under answers of every kind, again and again. */
@DisplayName("R66, R96: no answer looks whole because its application was stopped")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ApplicationStopIT {
    private static final int ROUNDS = 4;
    private static final int OF_EACH_KIND = 3;
    private static final Duration LONGER_THAN_TOMCATS_LOOK_AT_TIMEOUTS = Duration.ofSeconds(5);
    static final String CONFIGURATION = """
            version: v0.4.0
            listeners: [{type: model, name: stop, address: 127.0.0.1, port: 0, timeout: 300s}]
            model_providers:
              - {model: openai/gpt-4o, base_url: "%s", passthrough_auth: true, default: true, apis: [chat]}
            """;

    /** How it ends. */
    @FunctionalInterface
    private interface Way {
        void stop(GatewayContainer container) throws Exception;
    }

    @ContainerTest
    void undeployed(GatewayContainer.Kind kind) throws Exception {
        repeatedly(kind, (container, upstream) -> GatewayContainer::undeploy);
    }

    /** The order in which an acceptance check of undeploying failed: Tomcat asks for its requests before the servlet is told. */
    @ContainerTest
    void notAvailableForLongBeforeItIsDestroyed(GatewayContainer.Kind kind) throws Exception {
        repeatedly(kind, (container, upstream) -> {
            container.whileStopping(() -> Await.holds(
                    LONGER_THAN_TOMCATS_LOOK_AT_TIMEOUTS,
                    () -> kind == GatewayContainer.Kind.JETTY || upstream.busyConnections() == 0));
            return GatewayContainer::undeploy;
        });
    }

    /** Spring Boot, on SIGTERM. */
    @ContainerTest
    void withItsConnectorFirst(GatewayContainer.Kind kind) throws Exception {
        repeatedly(kind, (container, upstream) -> stopping -> {
            stopping.stopConnector();
            stopping.undeploy();
        });
    }

    @ContainerTest
    void withItsContainer(GatewayContainer.Kind kind) throws Exception {
        repeatedly(kind, (container, upstream) -> GatewayContainer::close);
    }

    @Test
    void standaloneWhenPatienceIsOver(@TempDir Path folder) throws Exception {
        for (DispatchMode mode : DispatchMode.values()) {
            try (FakeUpstream upstream = FakeUpstream.start()) {
                Path file =
                        Files.writeString(folder.resolve(mode + ".yaml"), CONFIGURATION.formatted(upstream.baseUrl()));
                LoadResult loaded = ConfigLoader.load(file, Map.of());
                GatewayServer server = GatewayServer.start(Objects.requireNonNull(loaded.snapshot()), mode);
                List<OpenAnswer> answers = open(server.addresses().get(0).getPort(), upstream);
                server.close();
                assertNoneWhole(answers);
                upstream.awaitNoOpenConnections(Duration.ofSeconds(20));
            }
        }
    }

    /** Prepares a container, and says how it is to be stopped. */
    @FunctionalInterface
    private interface Preparation {
        Way prepare(GatewayContainer container, FakeUpstream upstream);
    }

    private static void repeatedly(GatewayContainer.Kind kind, Preparation preparation) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            try (FakeUpstream upstream = FakeUpstream.start();
                    GatewayContainer container =
                            GatewayContainer.start(kind, "/", CONFIGURATION.formatted(upstream.baseUrl()))) {
                Way way = preparation.prepare(container, upstream);
                List<OpenAnswer> answers = open(container.port(), upstream);
                way.stop(container);
                assertNoneWhole(answers);
                upstream.awaitNoOpenConnections(Duration.ofSeconds(20));
            }
        }
    }

    private static List<OpenAnswer> open(int port, FakeUpstream upstream) throws InterruptedException {
        List<OpenAnswer> answers = new ArrayList<>();
        for (int i = 0; i < OF_EACH_KIND; i++) {
            for (Kind kind : Kind.values()) {
                answers.add(OpenAnswer.open(kind, port, upstream));
            }
        }
        return answers;
    }

    private static void assertNoneWhole(List<OpenAnswer> answers) {
        List<String> ends = answers.stream().map(OpenAnswer::end).toList();
        answers.forEach(OpenAnswer::close);
        assertThat(ends).allMatch(end -> end.equals("cut") || end.equals("refused"));
    }
}
