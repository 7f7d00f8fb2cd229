package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.ConfigLoader;
import io.plano.config.LoadResult;
import io.plano.hostile.OpenAnswer.Kind;
import io.plano.server.DispatchMode;
import io.plano.server.GatewayServer;
import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that somebody takes for gone, and who read on. */
@DisplayName("R66, R96: no answer looks whole because its client was given up")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PatientReaderIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** The container gives up a write; what its client reads afterwards breaks off. */
    @ContainerTest
    void aWriteThatTakesTooLong(GatewayContainer.Kind kind) throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start();
                GatewayContainer container = GatewayContainer.start(
                        kind, "/", ApplicationStopIT.CONFIGURATION.formatted(upstream.baseUrl()))) {
            container.idleTimeout(Duration.ofMillis(500));
            try (OpenAnswer answer = OpenAnswer.open(Kind.UNREAD, container.port(), upstream)) {
                upstream.awaitNoOpenConnections(SOON);
                assertThat(answer.end()).isEqualTo("cut");
            }
        }
    }

    /** Standalone, an end of what the client sends counts as leaving. */
    @Test
    void aClientThatClosesItsOwnSideOnly(@TempDir Path folder) throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start()) {
            Path file = Files.writeString(
                    folder.resolve("plano.yaml"), ApplicationStopIT.CONFIGURATION.formatted(upstream.baseUrl()));
            LoadResult loaded = ConfigLoader.load(file, Map.of());
            for (Kind kind : new Kind[] {Kind.STREAM, Kind.TRANSLATED, Kind.SIZED, Kind.UNSIZED}) {
                try (GatewayServer server =
                                GatewayServer.start(Objects.requireNonNull(loaded.snapshot()), DispatchMode.INLINE);
                        OpenAnswer answer =
                                OpenAnswer.open(kind, server.addresses().get(0).getPort(), upstream)) {
                    answer.finishSending();
                    upstream.awaitNoOpenConnections(SOON);
                    assertThat(answer.end()).isEqualTo("cut");
                }
            }
        }
    }
}
