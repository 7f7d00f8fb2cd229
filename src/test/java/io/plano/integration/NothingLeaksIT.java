package io.plano.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.integration.CredentialedApi.Call;
import io.plano.integration.Stage.Answer;
import io.plano.testing.CapturedLogs;
import io.plano.testing.ContainerTest;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.Reply;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Canaries in every place where a secret can be, and a look at every place where it could come out again. */
@LeakChecked
@ContainerTest
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class NothingLeaksIT {
    private static final String CANARY = "CANARY";
    private static final String CLIENTS = "sk-ant-CANARY-client";

    /** {@code user:CANARY-basic}, encoded. */
    private static final String BASIC = "dXNlcjpDQU5BUlktYmFzaWM=";

    private static final String PROVIDERS = """
            model_providers:
              - {model: openai/theirs, base_url: UPSTREAM, passthrough_auth: true, default: true}
              - {model: openai/ours, base_url: UPSTREAM, access_key: sk-CANARY-ours}
              - {model: openai/either, base_url: UPSTREAM, passthrough_auth: true, access_key: sk-CANARY-ours,
                 on_missing_credential: access_key, client_credential_pattern: 'sk-ant-[A-Za-z-]+'}
              - {model: openai/extra, base_url: UPSTREAM, access_key: sk-CANARY-ours,
                 headers: {Ocp-Apim-Subscription-Key: CANARY-row, cf-aig-authorization: Bearer CANARY-row,
                           X-Portkey-Api-Key: CANARY-row, Helicone-Auth: Bearer CANARY-row}}
              - {model: anthropic/c, base_url: UPSTREAM, passthrough_auth: true}
              - {model: openai/nowhere, base_url: 'http://127.0.0.1:1', access_key: sk-CANARY-ours}
              - {model: openai/nohost, base_url: 'http://nohost.invalid', passthrough_auth: true}
            """;

    private final GatewayContainer.Kind kind;

    NothingLeaksIT(GatewayContainer.Kind kind) {
        this.kind = kind;
    }

    @Test
    @DisplayName("R48, R49: no credential in any log, error body, thread name, JMX attribute or toString")
    void keepsEverySecretAtTheMostVerboseLogLevel() throws Exception {
        try (CapturedLogs logs = CapturedLogs.startKeepingAtInfo(Containers.LOGGERS)) {
            try (Stage stage = Stage.openFile(kind, "/", PROVIDERS)) {
                runEveryStory(stage);
                assertNothingReachable(stage.gateway().servletContext());
                assertThat(stage.accessLog().await(stories)).noneMatch(line -> line.contains(CANARY));
                assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.contains(CANARY));
                assertNothingInJmx();
            }
            logs.assertNothingContains(CANARY, BASIC);
            assertThat(logs.entries())
                    .extracting(CapturedLogs.Entry::source)
                    .contains("io.plano.proxy.answer.Recipient");
        }
    }

    private int stories;

    private void runEveryStory(Stage stage) {
        for (Call call : List.of(
                new Call(CredentialedApi.CHAT, "openai", false),
                new Call(CredentialedApi.CHAT, "openai", true),
                new Call(CredentialedApi.MESSAGES, "anthropic", false),
                new Call(CredentialedApi.MESSAGES, "anthropic", true))) {
            for (String model : call.surface() == CredentialedApi.CHAT
                    ? List.of("theirs", "ours", "either", "extra", "nowhere", "unknown")
                    : List.of("c", "theirs")) {
                for (String[] lines : requests()) {
                    own(stage, call, model, lines);
                }
                echoed(stage, call, model);
                broken(stage, call, model);
            }
        }
        malformed(stage);
    }

    private static List<String[]> requests() {
        List<String[]> requests = new ArrayList<>();
        List<String> every = new ArrayList<>();
        for (String slot : Slots.ALL) {
            String value =
                    slot.endsWith("authorization") || slot.equals("helicone-auth") ? "Bearer " + CLIENTS : CLIENTS;
            every.add(slot + ": " + value);
            requests.add(new String[] {slot + ": " + value});
        }
        requests.add(every.toArray(new String[0]));
        requests.add(new String[] {"Authorization: Basic " + BASIC});
        requests.add(new String[] {"Authorization: Bearer " + CLIENTS, "Authorization: Bearer " + CLIENTS});
        requests.add(new String[] {"Authorization: Bearer " + CLIENTS, "Connection: authorization"});
        requests.add(new String[] {"Authorization: Bearer CANARY which matches no pattern"});
        requests.add(new String[] {"Authorization: Negotiate CANARY"});
        requests.add(new String[0]);
        return requests;
    }

    /** What the gateway says itself holds no secret; what the upstream says here does not either. */
    private void own(Stage stage, Call call, String model, String... lines) {
        Answer answer = stage.post(call.surface().path(), call.body(model), lines);
        stories++;
        assertThat(answer.head().toString() + answer.body()).doesNotContain(CANARY, BASIC);
    }

    /** An upstream that repeats the key in its error, which its owner may read (R49), in plain and as a stream. */
    private void echoed(Stage stage, Call call, String model) {
        if (model.equals("nowhere") || (call.surface() == CredentialedApi.MESSAGES && model.equals("theirs"))) {
            return;
        }
        String body = "{\"error\":{\"message\":\"Incorrect API key provided: " + CLIENTS + "\"}}";
        for (int status : new int[] {401, 403, 500}) {
            stage.upstream()
                    .enqueue(Reply.json(status, body).header("WWW-Authenticate", "Bearer error=\"" + CLIENTS + "\""));
            assertThat(stage.post(
                                    call.surface().path(),
                                    call.body(model),
                                    call.surface().nativeLine(CLIENTS))
                            .body())
                    .isEqualTo(body);
            stories++;
        }
        stage.upstream().enqueue(Reply.sse("event: error\ndata: " + body + "\n\n"));
        assertThat(stage.post(
                                call.surface().path(),
                                call.body(model),
                                call.surface().nativeLine(CLIENTS))
                        .body())
                .contains(CLIENTS);
        stories++;
    }

    /** Upstreams that break down in the middle of saying the key. */
    private void broken(Stage stage, Call call, String model) {
        if (model.equals("nowhere") || (call.surface() == CredentialedApi.MESSAGES && model.equals("theirs"))) {
            return;
        }
        for (Reply reply : List.of(
                Reply.garbage("HTTP/9.9 " + CLIENTS + "\r\n" + CLIENTS + ": x\r\n\r\n")
                        .close(),
                Reply.garbage(CLIENTS + "\r\n\r\n").close(),
                Reply.script()
                        .bytes("HTTP/1.1 200 OK\r\n" + CLIENTS + "\r\nX: " + "y".repeat(70_000) + "\r\n\r\n")
                        .close(),
                Reply.script().reset(),
                Reply.stream()
                        .chunk("data: {\"x\":\"" + CLIENTS + "\"}\n\n")
                        .bytes(CLIENTS)
                        .close(),
                Reply.json(200, CLIENTS).closeAfter(40))) {
            stage.upstream().enqueue(reply);
            try (RawClient client = stage.connect()) {
                var request = client.request("POST", call.surface().path())
                        .line(call.surface().nativeLine(CLIENTS))
                        .json(call.body(model));
                request.exchange().readBody();
                stories++;
            } catch (java.io.UncheckedIOException | AssertionError aborted) {
                stories++; // the gateway's way to say that the answer is not whole
            }
        }
    }

    private void malformed(Stage stage) {
        own(stage, new Call(CredentialedApi.CHAT, "openai", false), "nohost", "Authorization: Bearer " + CLIENTS);
        String[] key = {"Authorization: Bearer " + CLIENTS};
        for (String body : List.of(
                "{\"model\":\"theirs\",\"model\":\"" + "x\"}",
                "{\"api_key\":\"" + CLIENTS + "\",",
                "{\"model\":{\"k\":\"" + CLIENTS + "\"}}",
                "[\"" + CLIENTS + "\"]",
                CLIENTS)) {
            assertThat(stage.post("/v1/chat/completions", body, key).body()).doesNotContain(CANARY);
            stories++;
        }
        for (String path : List.of(
                "/v1/chat/completions?key=" + CLIENTS,
                "/v1/chat/completions?access_token=" + CLIENTS,
                "/v1/models?api_key=" + CLIENTS)) {
            assertThat(stage.post(path, "{\"model\":\"theirs\"}", key).body()).doesNotContain(CANARY);
            stories++;
        }
        assertThat(stage.post("/v1/chat/completions", "{\"model\":\"theirs\"}", key[0], "Content-Encoding: gzip")
                        .body())
                .doesNotContain(CANARY);
        assertThat(stage.exchange("GET", "/readyz", request -> request.line(key[0]))
                        .body())
                .doesNotContain(CANARY);
        stories++;
    }

    private static void assertNothingReachable(ServletContext context) {
        AtomicInteger count = new AtomicInteger();
        for (String name : Collections.list(context.getAttributeNames())) {
            assertThat(String.valueOf(context.getAttribute(name))).as(name).doesNotContain(CANARY);
            Reachable.from(context.getAttribute(name), (path, text) -> {
                count.incrementAndGet();
                assertThat(text).as(name + path).doesNotContain(CANARY, BASIC);
            });
        }
        assertThat(count).as("objects found").hasValueGreaterThan(30);
    }

    private static void assertNothingInJmx() throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName bean : beans.queryNames(null, null)) {
            assertThat(bean.toString()).doesNotContain(CANARY);
        }
    }

    @Test
    @DisplayName("R48: whoever stands behind the filter sees no credential, not even in what the filter leaves there")
    void hidesTheCredentialsFromEverybodyBehindTheFilter(@TempDir Path folder) throws IOException {
        Path webXml = Files.createDirectories(folder.resolve("WEB-INF")).resolve("web.xml");
        String ours = Files.readString(Path.of(System.getProperty("plano.webapp", "webapp"), "WEB-INF", "web.xml"));
        String nosy = """
                <filter>
                  <filter-name>Nosy</filter-name>
                  <filter-class>io.plano.integration.NosyFilter</filter-class>
                  <async-supported>true</async-supported>
                </filter>
                <filter-mapping><filter-name>Nosy</filter-name><url-pattern>/*</url-pattern></filter-mapping>
                <servlet>""";
        Files.writeString(webXml, ours.replaceFirst("<servlet>", nosy));
        String before = System.getProperty("plano.webapp");
        System.setProperty("plano.webapp", folder.toString());
        NosyFilter.SEEN.clear();
        try (Stage stage = Stage.openFile(kind, "/", PROVIDERS)) {
            Slots.assertOnly(
                    stage.delivered(
                            "/v1/chat/completions",
                            "{\"model\":\"theirs\"}",
                            "authorization: Bearer " + CLIENTS,
                            "X-Api-Key: " + CLIENTS,
                            "API-KEY: " + CLIENTS,
                            "x-goog-api-key: " + CLIENTS,
                            "X-Seen: yes"),
                    "Authorization",
                    "Bearer " + CLIENTS);
            stage.post(
                    "/v1/chat/completions",
                    "{\"model\":\"theirs\"}",
                    "x-litellm-api-key: " + CLIENTS,
                    "Cookie: " + CLIENTS);
        } finally {
            if (before == null) {
                System.clearProperty("plano.webapp");
            } else {
                System.setProperty("plano.webapp", before);
            }
        }
        assertThat(NosyFilter.SEEN)
                .anyMatch(line -> line.equalsIgnoreCase("X-Seen: [yes]"))
                .anyMatch(line -> line.contains("InboundRequest"))
                .contains("Authorization = null[]", "x-api-key = null[]", "Content-Length = 18 -1 -1");
        assertThat(NosyFilter.SEEN)
                .filteredOn(line -> !line.toLowerCase().startsWith("x-litellm-api-key")
                        && !line.toLowerCase().startsWith("cookie"))
                .noneMatch(line -> line.contains(CANARY));
    }
}
