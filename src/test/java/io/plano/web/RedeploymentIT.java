package io.plano.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.Await;
import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.RawClient;
import io.plano.testing.RawRequest;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

/** The packed WAR, with a class loader of its own for each deployment, in a container that goes on running. */
@DisplayName("R82: an application that is deployed again and again leaves nothing behind")
class RedeploymentIT {
    private static final int DEPLOYMENTS = 20;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String CHUNK = """
            data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,\
            "delta":{"role":"assistant","content":"Hi"},"finish_reason":null}]}

            """;
    private static final String ASKED = """
            {"model":"m","stream":true,"max_tokens":9,"messages":[{"role":"user","content":"hi"}]}""";

    @TempDir
    private Path folder;

    @ContainerTest
    void endsItsThreadsAndLetsGoOfItsClasses(GatewayContainer.Kind kind) throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        try (FakeUpstream upstream = FakeUpstream.start();
                WarContainer container = WarContainer.start(kind, folder.resolve(kind.name()))) {
            Path config = Files.writeString(folder.resolve(kind + ".yaml"), """
                    version: v0.4.0
                    listeners: [{type: model, name: m, port: 12000}]
                    model_providers:
                      - {model: custom/x, base_url: "%s", provider_interface: openai, apis: [chat], passthrough_auth: true, default: true}
                    """.formatted(upstream.baseUrl()));
            for (int i = 0; i < DEPLOYMENTS; i++) {
                loaders.add(deployUseAndUndeploy(container, upstream, config));
            }
            Await.until(
                    SOON,
                    () -> "left: " + ofApplication(before),
                    () -> ofApplication(before).isEmpty());
            Await.until(SOON, () -> reachable(loaders) + " of the class loaders are still reachable", () -> {
                somebodyElsesRequest(container);
                System.gc();
                return reachable(loaders).isEmpty();
            });
        }
    }

    /** Uses what keeps something: both directions of translation, the gateway's own answers, an end under a stream. */
    private static WeakReference<ClassLoader> deployUseAndUndeploy(
            WarContainer container, FakeUpstream upstream, Path config) throws Exception {
        ClassLoader application = container.deploy(config);
        assertThat(application.loadClass(Gateway.class.getName())).isNotSameAs(Gateway.class);
        int port = container.port();
        try (RawClient client = RawClient.connect(port);
                RawClient cut = RawClient.connect(port)) {
            upstream.onRequest(request -> Reply.sse(CHUNK, "data: [DONE]\n\n"));
            assertThat(ask(client, "/v1/chat/completions").exchange().bodyText())
                    .isEqualTo(CHUNK + "data: [DONE]\n\n");
            assertThat(ask(client, "/v1/messages").exchange().bodyText()).contains("message_start");
            assertThat(client.request("POST", "/v1/chat/completions")
                            .json(ASKED)
                            .exchange()
                            .status())
                    .isEqualTo(401);
            upstream.onRequest(request -> Reply.stream().chunk(CHUNK).stall());
            RawResponse open = ask(cut, "/v1/messages").exchange();
            open.awaitBytes(1);
            container.undeploy();
            assertThat(open.end()).isEqualTo(ResponseEnd.TRUNCATED);
        }
        return new WeakReference<>(application);
    }

    /** Jetty's selector keeps the connection that it looked at last, with what it served, until it looks at another. */
    private static void somebodyElsesRequest(WarContainer container) {
        try (RawClient client = RawClient.connect(container.port())) {
            assertThat(client.request("GET", "/").exchange().status()).isEqualTo(404);
        }
    }

    private static RawRequest ask(RawClient client, String path) {
        return client.request("POST", path).header("Authorization", "Bearer k").json(ASKED);
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
