package io.plano.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plano.web.ProxyServlet;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@LeakChecked
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GatewayContainerTest {
    private static final String YAML = """
            model_providers:
              - {model: openai/gpt-4o, passthrough_auth: true, default: true}
            """;

    @ContainerTest
    void answersHttpAtTheRoot(GatewayContainer.Kind kind) {
        try (GatewayContainer gateway = GatewayContainer.start(kind, "/", YAML);
                RawClient client = RawClient.connect(gateway.port())) {
            assertThat(gateway.baseUrl()).isEqualTo("http://127.0.0.1:" + gateway.port());
            RawResponse response = client.request("GET", "/healthz").exchange();
            assertThat(response.statusLine()).startsWith("HTTP/1.1 ").doesNotContain(" 404");
            assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
        }
    }

    @ContainerTest
    void answersHttpUnderAContextPathOnly(GatewayContainer.Kind kind) {
        try (GatewayContainer gateway = GatewayContainer.start(kind, "/plano", YAML);
                RawClient client = RawClient.connect(gateway.port())) {
            assertThat(gateway.baseUrl()).endsWith(gateway.port() + "/plano");
            RawResponse inside = client.request("GET", "/plano/healthz").exchange();
            assertThat(inside.status()).isNotEqualTo(404);
            inside.readBody();
            assertThat(client.request("GET", "/healthz").exchange().status()).isEqualTo(404);
        }
    }

    @ContainerTest
    void acceptsAHeadOfSixtyKilobytes(GatewayContainer.Kind kind) {
        try (GatewayContainer gateway = GatewayContainer.start(kind, "/", YAML);
                RawClient client = RawClient.connect(gateway.port())) {
            RawResponse response = client.request("GET", "/healthz")
                    .header("X-Long", "x".repeat(60_000))
                    .exchange();
            assertThat(response.status()).isNotIn(400, 413, 431);
        }
    }

    @ContainerTest
    void givesTheApplicationItsParametersAndItsConfiguration(GatewayContainer.Kind kind) throws Exception {
        try (GatewayContainer gateway =
                GatewayContainer.start(kind, "/", YAML, Map.of("PASSTHROUGH_API_KEY", "true"))) {
            assertThat(gateway.servletContext().getInitParameter("plano.config"))
                    .isEqualTo(gateway.configFile().toString());
            assertThat(gateway.servletContext().getInitParameter("PASSTHROUGH_API_KEY"))
                    .isEqualTo("true");
            assertThat(Files.readString(gateway.configFile())).isEqualTo(YAML);
        }
    }

    @ContainerTest
    void loadsTheClassesOfTheTest(GatewayContainer.Kind kind) throws Exception {
        try (GatewayContainer gateway = GatewayContainer.start(kind, "/", YAML)) {
            ClassLoader applications = gateway.servletContext().getClassLoader();
            assertThat(applications.loadClass(ProxyServlet.class.getName())).isSameAs(ProxyServlet.class);
        }
    }

    @ContainerTest
    void startsAgainAfterItWasStopped(GatewayContainer.Kind kind) {
        GatewayContainer.start(kind, "/", YAML).close();
        assertThat(GatewayContainer.isAnyRunning()).isFalse();
        GatewayContainer again = GatewayContainer.start(kind, "/", YAML);
        again.close();
        again.close();
        assertThat(again.configFile()).doesNotExist();
    }

    @Test
    void failsWhenTheApplicationLeavesAThread() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        GatewayContainer gateway =
                GatewayContainer.start(GatewayContainer.Kind.JETTY, "/", YAML).threadsEndWithin(Duration.ofMillis(50));
        Thread left = new Thread(
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                },
                "plano-left");
        left.start();

        assertThatThrownBy(gateway::close).isInstanceOf(AssertionError.class).hasMessageContaining("plano-left");
        end.countDown();
        left.join();
    }
}
