package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.command.Main;
import io.plano.testing.Await;
import io.plano.testing.ContainerTest;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@LeakChecked
@DisplayName("9.1: who cannot go on says so")
class LostThreadIT {
    private static final String REACTOR = "plano-upstream-1";
    private static final String YAML = """
            version: v0.4.0
            listeners: [{type: model, name: m, address: 127.0.0.1, port: %d}]
            model_providers:
              - {model: openai/gpt-4o, base_url: "http://127.0.0.1:1", passthrough_auth: true, default: true}
            """;

    /** HttpCore's reactors end when they are interrupted, which nobody does by design. */
    static boolean endReactor() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(REACTOR)) {
                thread.interrupt();
                return true;
            }
        }
        return false;
    }

    private record Answer(int status, String bodyText) {}

    private static Answer health(GatewayContainer gateway) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawResponse response = client.request("GET", "/healthz").exchange();
            return new Answer(response.status(), response.bodyText());
        }
    }

    @ContainerTest
    void healthTurns503WithTheReasonWhenTheReactorIsDead(GatewayContainer.Kind kind) throws Exception {
        try (GatewayContainer gateway = GatewayContainer.start(kind, "/", YAML.formatted(12000))) {
            assertThat(health(gateway).status()).isEqualTo(200);
            assertThat(endReactor()).isTrue();
            Await.until(
                    Duration.ofSeconds(10),
                    () -> "still healthy",
                    () -> health(gateway).status() == 503);

            assertThat(health(gateway).bodyText())
                    .isEqualTo("{\"status\":\"failing\",\"message\":\"The thread " + REACTOR
                            + " has ended. Restart the gateway.\"}");
        }
    }

    @Test
    void theStandaloneServerStopsWithAStatusOfItsOwn(@TempDir Path folder) throws Exception {
        Path config = Files.writeString(folder.resolve("plano.yaml"), YAML.formatted(0));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Dying.class.getName(),
                        "serve",
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output)
                .contains("Plano Gateway ready")
                .contains("Plano Gateway cannot go on and stops. The thread " + REACTOR + " has ended.");
        assertThat(process.exitValue()).isEqualTo(70);
    }

    /** The command line, whose reactor is ended once it has started. */
    static final class Dying {
        private Dying() {}

        public static void main(String[] arguments) {
            Thread assassin = new Thread(() -> {
                while (!endReactor()) {
                    Thread.onSpinWait();
                }
            });
            assassin.setDaemon(true);
            assassin.start();
            Main.main(arguments);
        }
    }
}
