package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import io.plano.testing.Await;
import io.plano.testing.ContainerTest;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@LeakChecked
@DisplayName("9.1: who cannot go on says so")
class LostThreadIT {
    private static final String REACTOR = "plano-upstream-1";

    /** What a JVM says that waits for one. */
    private static final String DEBUGGER = "Listening for transport dt_socket at address: ";

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

    /** Interrupted through a debugger, as nobody does who is inside of it. */
    @ParameterizedTest
    @ValueSource(strings = {REACTOR, "plano-watchdog", "plano-config-watcher"})
    void theArchiveEndsWithAStatusOfItsOwnAndSaysWhy(String thread, @TempDir Path folder) throws Exception {
        Path config = Files.writeString(folder.resolve("plano.yaml"), YAML.formatted(0));
        Process process = StandaloneGateway.Start.usual()
                .in(folder, "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0")
                .run("serve", "--config", config.toString());
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = process.inputReader()) {
            VirtualMachine machine = null;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                if (line.startsWith(DEBUGGER)) {
                    machine = attach(line.substring(DEBUGGER.length()).strip());
                } else if (line.contains("Plano Gateway ready")) {
                    interrupt(Objects.requireNonNull(machine), thread);
                }
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.toHandle().destroyForcibly();
        }
        assertThat(process.exitValue()).as("%s", lines).isEqualTo(70);
        assertThat(lines)
                .filteredOn(line -> line.contains("Plano Gateway cannot go on and stops. The thread " + thread
                        + " has ended. Restart the gateway."))
                .hasSize(1);
    }

    private static VirtualMachine attach(String port) throws Exception {
        for (AttachingConnector connector : Bootstrap.virtualMachineManager().attachingConnectors()) {
            if (connector.transport().name().equals("dt_socket")
                    && connector.name().contains("SocketAttach")) {
                Map<String, Connector.Argument> arguments = connector.defaultArguments();
                arguments.get("hostname").setValue("127.0.0.1");
                arguments.get("port").setValue(port);
                return connector.attach(arguments);
            }
        }
        throw new AssertionError("this JDK has no debugger");
    }

    private static void interrupt(VirtualMachine machine, String thread) {
        machine.allThreads().stream()
                .filter(each -> each.name().equals(thread))
                .findFirst()
                .orElseThrow()
                .interrupt();
        machine.dispose();
    }
}
