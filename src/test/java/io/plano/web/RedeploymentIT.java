package io.plano.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.Await;
import io.plano.testing.FakeUpstream;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed WAR, with a class loader of its own for each deployment, in a container that goes on running. */
@DisplayName("R82: an application that is deployed again and again leaves nothing behind")
class RedeploymentIT {
    private static final int DEPLOYMENTS = 20;
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void endsItsThreadsAndLetsGoOfItsClasses() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ContextHandlerCollection contexts = new ContextHandlerCollection();
        server.setHandler(contexts);
        server.start();
        try (FakeUpstream upstream = FakeUpstream.start()) {
            Path config = Files.writeString(folder.resolve("plano.yaml"), """
                    version: v0.4.0
                    listeners: [{type: model, name: m, port: 12000}]
                    model_providers:
                      - {model: custom/x, base_url: "%s", provider_interface: openai, passthrough_auth: true, default: true}
                    """.formatted(upstream.baseUrl()));
            for (int i = 0; i < DEPLOYMENTS; i++) {
                loaders.add(deployUseAndUndeploy(contexts, connector.getLocalPort(), upstream, config, i));
            }
            Await.until(
                    SOON,
                    () -> "left: " + ofApplication(before),
                    () -> ofApplication(before).isEmpty());
            Await.until(SOON, () -> reachable(loaders) + " of the class loaders are still reachable", () -> {
                System.gc();
                return reachable(loaders).isEmpty();
            });
        } finally {
            server.stop();
        }
    }

    private WeakReference<ClassLoader> deployUseAndUndeploy(
            ContextHandlerCollection contexts, int port, FakeUpstream upstream, Path config, int number)
            throws Exception {
        WebAppContext application = new WebAppContext();
        application.setContextPath("/");
        application.setWar(Path.of("target/plano.war").toAbsolutePath().toString());
        application.setTempDirectory(
                Files.createDirectory(folder.resolve("work" + number)).toFile());
        application.setThrowUnavailableOnStartupException(true);
        application.setInitParameter("plano.config", config.toString());
        contexts.addHandler(application);
        application.start();
        WeakReference<ClassLoader> loader = new WeakReference<>(application.getClassLoader());
        assertThat(application.getClassLoader().loadClass(Gateway.class.getName()))
                .isNotSameAs(Gateway.class);
        upstream.enqueue(Reply.sse("data: " + number + "\n\n"));
        try (RawClient client = RawClient.connect(port)) {
            RawResponse response = client.request("POST", "/v1/chat/completions")
                    .header("Authorization", "Bearer k")
                    .json("{\"model\":\"m\",\"stream\":true}")
                    .exchange();
            assertThat(response.bodyText()).isEqualTo("data: " + number + "\n\n");
        }
        contexts.removeHandler(application);
        application.stop();
        application.destroy();
        return loader;
    }

    private static List<String> ofApplication(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.getName().startsWith("plano-"))
                .map(Thread::getName)
                .toList();
    }

    private static List<Integer> reachable(List<WeakReference<ClassLoader>> loaders) {
        return IntStream.range(0, loaders.size())
                .filter(number -> loaders.get(number).get() != null)
                .boxed()
                .toList();
    }
}
