package io.plano.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.integration.Stage.Answer;
import io.plano.testing.Await;
import io.plano.testing.ContainerTest;
import io.plano.testing.Gate;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawRequest;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import io.plano.testing.SseEvent;
import io.plano.testing.UpstreamRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A client of one API and a provider of another: what goes over both sockets, in all six directions. */
@ContainerTest
@LeakChecked
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TranslationIT {
    private static final String KEY = "sk-ant-translation-CANARY-1";

    private final GatewayContainer.Kind kind;

    TranslationIT(GatewayContainer.Kind kind) {
        this.kind = kind;
    }

    private record Direction(WireApi client, WireApi upstream) {
        @Override
        public String toString() {
            return client + " to " + upstream;
        }
    }

    static Stream<Direction> directions() {
        List<Direction> directions = new ArrayList<>();
        for (WireApi client : WireApi.values()) {
            for (WireApi upstream : WireApi.values()) {
                if (client != upstream) {
                    directions.add(new Direction(client, upstream));
                }
            }
        }
        return directions.stream();
    }

    private Stage stage(WireApi upstream) {
        Stage stage = Stage.open(kind, entry(upstream, "m", "passthrough_auth: true"));
        stage.upstream().onRequest(request -> upstream.reply(request.bodyText()));
        return stage;
    }

    private static String entry(WireApi upstream, String model, String credential) {
        return "{model: custom/%s, base_url: UPSTREAM, provider_interface: openai, apis: [%s], %s}"
                .formatted(model, upstream.configName, credential);
    }

    private static RawRequest ask(RawClient client, WireApi api, String body) {
        return client.request("POST", api.path).line(api.key(KEY)).json(body);
    }

    @ParameterizedTest
    @MethodSource("directions")
    void translatesAWholeAnswer(Direction direction) {
        WireApi api = direction.client();
        try (Stage stage = stage(direction.upstream())) {
            Answer answer = stage.post(api.path, api.ask("custom/m"), api.key(KEY));
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.head().header("Content-Type")).isEqualTo("application/json");
            assertThat(answer.head().header("Content-Length")).isNotNull();
            assertThat(api.textOf(answer.json())).isEqualTo(WireApi.TEXT);
            assertAsked(direction.upstream(), stage.takeRequest());
        }
    }

    @ParameterizedTest
    @MethodSource("directions")
    void translatesAStream(Direction direction) {
        WireApi api = direction.client();
        try (Stage stage = stage(direction.upstream());
                RawClient client = stage.connect()) {
            RawResponse response =
                    ask(client, api, api.askForStream("custom/m")).exchange();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("Content-Type")).startsWith("text/event-stream");
            assertThat(response.header("Content-Length")).isNull();
            assertThat(api.readStream(response)).isEqualTo(WireApi.TEXT);
            assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
            assertAsked(direction.upstream(), stage.takeRequest());
        }
    }

    /** The provider's own path, its own slot for the key, its own model name; nothing of the client's API. */
    private static void assertAsked(WireApi upstream, UpstreamRequest request) {
        assertThat(request.requestLine()).isEqualTo("POST " + upstream.path + " HTTP/1.1");
        Slots.assertOnly(request, upstream.slot, upstream.slotValue(KEY));
        assertThat(request.header("Content-Type")).isEqualTo("application/json");
        assertThat(request.header("Accept-Encoding")).isEqualTo("identity");
        assertThat(request.header("anthropic-version")).isEqualTo(upstream == WireApi.MESSAGES ? "2023-06-01" : null);
        JsonNode body = WireApi.json(request.bodyText());
        assertThat(body.path("model").asText()).isEqualTo("m");
        assertThat(request.bodyText()).contains("Größe?", "Be brief.");
    }

    @ParameterizedTest
    @MethodSource("directions")
    void sendsEachEventWhenItArrivesR63(Direction direction) {
        WireApi api = direction.client();
        List<String> events = direction.upstream().events();
        int half = firstTextEvent(direction.upstream()) + 1;
        Gate second = new Gate();
        Reply reply = Reply.stream();
        events.subList(0, half).forEach(reply::chunk);
        reply.waitFor(second);
        events.subList(half, events.size()).forEach(reply::chunk);
        try (Stage stage = stage(direction.upstream());
                RawClient client = stage.connect()) {
            stage.upstream().enqueue(reply.lastChunk());
            RawResponse response =
                    ask(client, api, api.askForStream("custom/m")).exchange();
            StringBuilder text = new StringBuilder();
            while (text.length() == 0) {
                text.append(api.textOf(response.readEvent().orElseThrow()));
            }
            second.open();
            assertThat(text + api.readStream(response)).isEqualTo(WireApi.TEXT);
        }
    }

    private static int firstTextEvent(WireApi api) {
        int index = 0;
        while (api.textOf(new SseEvent(api.events().get(index))).isEmpty()) {
            index++;
        }
        return index;
    }

    @ParameterizedTest
    @MethodSource("directions")
    void translatesAStreamThatComesByteByByteR64(Direction direction) {
        WireApi api = direction.client();
        try (Stage stage = stage(direction.upstream());
                RawClient client = stage.connect()) {
            stage.upstream()
                    .enqueue(Reply.stream()
                            .chunk(String.join("", direction.upstream().events()))
                            .lastChunk()
                            .inPiecesOf(1));
            RawResponse response =
                    ask(client, api, api.askForStream("custom/m")).exchange();
            assertThat(api.readStream(response)).isEqualTo(WireApi.TEXT);
        }
    }

    @ParameterizedTest
    @MethodSource("directions")
    void translatesAnErrorWithItsStatusAndWords(Direction direction) {
        WireApi api = direction.client();
        try (Stage stage = stage(direction.upstream())) {
            stage.upstream()
                    .enqueue(Reply.json(429, direction.upstream().error("Slow down, please."))
                            .header("Retry-After", "7")
                            .header("request-id", "req_up"));
            Answer answer = stage.post(api.path, api.askForStream("custom/m"), api.key(KEY));
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.head().header("Retry-After")).isEqualTo("7");
            assertThat(answer.head().header("Content-Type")).isEqualTo("application/json");
            assertThat(answer.head().headers("request-id")).containsExactly("req_up");
            assertThat(api.errorMessage(answer.json())).isEqualTo("Slow down, please.");
            assertThat(answer.json().has("type")).isEqualTo(api == WireApi.MESSAGES);
        }
    }

    @ParameterizedTest
    @MethodSource("directions")
    void answersAPageOfHtmlWithAnErrorOfItsOwn(Direction direction) {
        WireApi api = direction.client();
        try (Stage stage = stage(direction.upstream())) {
            stage.upstream().enqueue(Reply.of(503, "text/html", "<html>nginx".getBytes(StandardCharsets.UTF_8)));
            Answer answer = stage.post(api.path, api.ask("custom/m"), api.key(KEY));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(api.errorMessage(answer.json())).contains("503").doesNotContain("nginx");
        }
    }

    @ParameterizedTest
    @MethodSource("directions")
    void tellsTheClientWhereAStreamBreaksOffAndAborts(Direction direction) {
        WireApi api = direction.client();
        List<String> events = direction.upstream().events();
        Gate started = new Gate();
        Reply reply = Reply.stream();
        events.subList(0, firstTextEvent(direction.upstream()) + 1).forEach(reply::chunk);
        try (Stage stage = stage(direction.upstream());
                RawClient client = stage.connect()) {
            stage.upstream().enqueue(reply.waitFor(started).close());
            RawResponse response =
                    ask(client, api, api.askForStream("custom/m")).exchange();
            assertThat(response.status()).isEqualTo(200);
            response.readEvent().orElseThrow();
            started.open();
            assertThat(lastEventOf(response)).matches(event -> isError(api, event), "an error of " + api);
            assertThat(response.end()).isNotEqualTo(ResponseEnd.CLEAN);
        }
    }

    /** The transport says that all is well, but the format's last words are missing (wire-spec §9 rule 23). */
    @ParameterizedTest
    @MethodSource("directions")
    void takesAStreamWithoutItsLastWordsForTruncated(Direction direction) {
        WireApi api = direction.client();
        List<String> events = direction.upstream().events();
        Gate started = new Gate();
        Reply reply = Reply.stream();
        events.subList(0, firstTextEvent(direction.upstream()) + 1).forEach(reply::chunk);
        try (Stage stage = stage(direction.upstream());
                RawClient client = stage.connect()) {
            stage.upstream().enqueue(reply.waitFor(started).lastChunk());
            RawResponse response =
                    ask(client, api, api.askForStream("custom/m")).exchange();
            response.readEvent().orElseThrow();
            started.open();
            assertThat(lastEventOf(response)).matches(event -> isError(api, event), "an error of " + api);
            assertThat(response.end()).isNotEqualTo(ResponseEnd.CLEAN);
            assertThat(stage.accessLog().awaitOne()).containsEntry("end", "upstream_truncated");
        }
    }

    private static SseEvent lastEventOf(RawResponse response) {
        SseEvent last = response.readEvent().orElseThrow();
        for (var event = response.readEvent(); event.isPresent(); event = response.readEvent()) {
            last = event.get();
        }
        return last;
    }

    private static boolean isError(WireApi api, SseEvent event) {
        return switch (api) {
            case CHAT -> event.data().startsWith("{\"error\":");
            case RESPONSES -> "response.failed".equals(event.type()) || "error".equals(event.type());
            case MESSAGES -> "error".equals(event.type());
        };
    }

    @ParameterizedTest
    @MethodSource("directions")
    void givesAStreamThatStartsWithAnErrorAStatus(Direction direction) {
        WireApi api = direction.client();
        String error = direction.upstream() == WireApi.CHAT
                ? "data: {\"error\":{\"message\":\"Too busy.\",\"type\":\"rate_limit_error\",\"code\":null}}\n\n"
                : direction.upstream() == WireApi.MESSAGES
                        ? "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\","
                                + "\"message\":\"Too busy.\"}}\n\n"
                        : "event: error\ndata: {\"type\":\"error\",\"code\":\"rate_limit_exceeded\","
                                + "\"message\":\"Too busy.\",\"param\":null,\"sequence_number\":0}\n\n";
        try (Stage stage = stage(direction.upstream())) {
            stage.upstream().enqueue(Reply.sse(error));
            Answer answer = stage.post(api.path, api.askForStream("custom/m"), api.key(KEY));
            assertThat(answer.status()).as(answer.body()).isEqualTo(429);
            assertThat(api.errorMessage(answer.json())).isEqualTo("Too busy.");
        }
    }

    @Test
    void endsTheUpstreamWhenTheClientLeavesR70() throws Exception {
        try (Stage stage = stage(WireApi.CHAT)) {
            stage.upstream()
                    .enqueue(Reply.stream()
                            .chunk(WireApi.CHAT.events().get(0))
                            .endlessChunks(WireApi.CHAT.events().get(1).getBytes(StandardCharsets.UTF_8)));
            try (RawClient client = stage.connect()) {
                RawResponse response = ask(client, WireApi.MESSAGES, WireApi.MESSAGES.askForStream("custom/m"))
                        .exchange();
                response.readEvent().orElseThrow();
                client.reset();
            }
            assertThat(stage.upstream().awaitConnectionClosed(0, Stage.SOON).byPeer())
                    .isTrue();
        }
    }

    @Test
    void stopsReadingFromTheProviderWhileTheClientDoesNotReadR69() {
        try (Stage stage = stage(WireApi.CHAT);
                RawClient client =
                        RawClient.connectWithReceiveBuffer(stage.gateway().port(), 8 << 10)) {
            stage.upstream()
                    .enqueue(Reply.stream()
                            .chunk(WireApi.CHAT.events().get(0))
                            .endlessChunks(WireApi.CHAT.events().get(1).getBytes(StandardCharsets.UTF_8)));
            RawResponse response = ask(client, WireApi.MESSAGES, WireApi.MESSAGES.askForStream("custom/m"))
                    .exchange();
            assertThat(stage.upstream().awaitWritesStalled(Duration.ofSeconds(2), Stage.SOON))
                    .isLessThan(8L << 20);
            for (int i = 0; i < 5_000; i++) {
                assertThat(response.readEvent()).isPresent();
            }
            client.reset();
        }
    }

    /** One event that is larger than the flow-control window. */
    @Test
    void translatesAnEventOfAMegabyte() {
        String text = "x".repeat(1 << 20);
        try (Stage stage = stage(WireApi.CHAT);
                RawClient client = stage.connect()) {
            List<String> events = new ArrayList<>(WireApi.CHAT.events());
            events.set(1, events.get(1).replace("Fünf ", text));
            stage.upstream().enqueue(Reply.sse(events.toArray(String[]::new)));
            RawResponse response = ask(client, WireApi.MESSAGES, WireApi.MESSAGES.askForStream("custom/m"))
                    .exchange();
            assertThat(WireApi.MESSAGES.readStream(response)).isEqualTo(text + "😀.");
        }
    }

    @Test
    void translatesALargeDocument() {
        String text = "y".repeat(3 << 20);
        try (Stage stage = stage(WireApi.CHAT)) {
            stage.upstream().enqueue(Reply.json(200, WireApi.CHAT.whole().replace("Fünf", text)));
            Answer answer =
                    stage.post(WireApi.MESSAGES.path, WireApi.MESSAGES.ask("custom/m"), WireApi.MESSAGES.key(KEY));
            assertThat(WireApi.MESSAGES.textOf(answer.json())).isEqualTo(text + " 😀.");
        }
    }

    @Test
    void namesWhatTheProviderDidNotGet() {
        try (Stage stage = stage(WireApi.CHAT)) {
            Answer answer = stage.post(
                    WireApi.MESSAGES.path,
                    WireApi.MESSAGES.ask("custom/m", "\"top_k\":5,\"context_management\":{\"edits\":[]},"),
                    WireApi.MESSAGES.key(KEY));
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.head().header("x-plano-dropped"))
                    .contains("top_k")
                    .contains("context_management");
            assertThat(stage.takeRequest().bodyText()).doesNotContain("top_k", "context_management");
        }
    }

    @Test
    void refusesWhatWouldChangeTheMeaningBeforeAnythingIsSent() {
        try (Stage stage = stage(WireApi.MESSAGES)) {
            Answer answer =
                    stage.post(WireApi.CHAT.path, WireApi.CHAT.ask("custom/m", "\"n\":2,"), WireApi.CHAT.key(KEY));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().at("/error/message").asText()).contains("'n'");
            assertThat(answer.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
            stage.assertUntouched();
        }
    }

    @Test
    void refusesAMalformedRequestAndNamesTheMember() {
        try (Stage stage = stage(WireApi.MESSAGES)) {
            Answer answer = stage.post(
                    WireApi.CHAT.path,
                    "{\"model\":\"custom/m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]}",
                    WireApi.CHAT.key(KEY));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().at("/error/message").asText()).contains("messages[0].content[0].text");
            stage.assertUntouched();
        }
    }

    @Test
    void keepsHeadersOfOneApiFromTheOther() {
        try (Stage stage = stage(WireApi.CHAT)) {
            stage.upstream()
                    .enqueue(Reply.json(200, WireApi.CHAT.whole())
                            .header("openai-organization", "org-1")
                            .header("x-ratelimit-remaining-requests", "9")
                            .header("x-request-id", "req_openai"));
            Answer answer = stage.post(
                    WireApi.MESSAGES.path + "?beta=true",
                    WireApi.MESSAGES.ask("custom/m"),
                    WireApi.MESSAGES.key(KEY),
                    "anthropic-version: 2023-06-01",
                    "anthropic-beta: context-1m",
                    "x-custom: kept");
            assertThat(answer.status()).isEqualTo(200);
            UpstreamRequest request = stage.takeRequest();
            assertThat(request.requestLine()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
            assertThat(request.header("anthropic-version")).isNull();
            assertThat(request.header("anthropic-beta")).isNull();
            assertThat(request.header("x-custom")).isEqualTo("kept");
            assertThat(answer.head().header("openai-organization")).isNull();
            assertThat(answer.head().header("x-ratelimit-remaining-requests")).isNull();
            assertThat(answer.head().header("request-id")).isEqualTo("req_openai");
        }
    }

    @Test
    void usesTheEntrysKeyInTheProvidersSlot() {
        try (Stage stage = Stage.open(kind, entry(WireApi.MESSAGES, "m", "access_key: sk-gateway"))) {
            stage.upstream().onRequest(request -> WireApi.MESSAGES.reply(request.bodyText()));
            Answer answer = stage.post(WireApi.CHAT.path, WireApi.CHAT.ask("custom/m"), WireApi.CHAT.key(KEY));
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            Slots.assertOnly(stage.takeRequest(), "x-api-key", "sk-gateway");
        }
    }

    @Test
    void leavesTheIdentityPathAloneWhereTheFormatIsSpoken() {
        String body = "{ \"model\" : \"m\",\"unknown_member\":[1.50],  \"messages\":[] }";
        try (Stage stage = stage(WireApi.CHAT)) {
            stage.upstream().enqueue(Reply.json(200, "{ \"as\" : \"is\" }"));
            Answer answer = stage.post(WireApi.CHAT.path, body, WireApi.CHAT.key(KEY));
            assertThat(answer.body()).isEqualTo("{ \"as\" : \"is\" }");
            assertThat(stage.takeRequest().bodyText()).isEqualTo(body);
        }
    }

    @Test
    void triesTheNextProviderInItsOwnFormat() {
        String entries = "model_providers:\n"
                + "  - {model: custom/m, name: dead, base_url: 'http://127.0.0.1:1', provider_interface: openai,"
                + " apis: [messages], passthrough_auth: true}\n"
                + "  - " + entry(WireApi.CHAT, "m", "passthrough_auth: true") + "\n";
        try (Stage stage = Stage.openFile(kind, "/", entries)) {
            stage.upstream().onRequest(request -> WireApi.CHAT.reply(request.bodyText()));
            WireApi api = WireApi.RESPONSES;
            Answer answer = stage.post(api.path, api.ask("m"), api.key(KEY));
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(api.textOf(answer.json())).isEqualTo(WireApi.TEXT);
            assertThat(stage.accessLog().awaitOne()).containsEntry("attempts", "2");
        }
    }

    @Test
    void reusesTheConnectionToTheProviderAfterAStream() {
        try (Stage stage = stage(WireApi.CHAT);
                RawClient client = stage.connect()) {
            for (int i = 0; i < 5; i++) {
                RawResponse response = ask(client, WireApi.MESSAGES, WireApi.MESSAGES.askForStream("custom/m"))
                        .exchange();
                assertThat(WireApi.MESSAGES.readStream(response)).isEqualTo(WireApi.TEXT);
                assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
                Await.until(Stage.SOON, () -> "busy", () -> stage.upstream().busyConnections() == 0);
            }
            assertThat(stage.upstream().connectionsAccepted()).isLessThan(3);
        }
    }

    @Test
    void answersWhatOnlyAProviderOfTheApiCouldAnswerWithAClearRefusal() {
        try (Stage stage = stage(WireApi.CHAT)) {
            Answer answer =
                    stage.exchange("GET", "/v1/responses/resp_1", request -> request.line(WireApi.CHAT.key(KEY)));
            assertThat(answer.status()).isEqualTo(400);
            Answer counted = stage.post(
                    "/v1/messages/count_tokens", WireApi.MESSAGES.ask("custom/m"), WireApi.MESSAGES.key(KEY));
            assertThat(counted.status()).isEqualTo(404); // R77
            assertThat(counted.json().at("/error/type").asText()).isEqualTo("not_found_error");
            stage.assertUntouched();
        }
    }

    @Test
    void estimatesTokensWhereThatIsWanted() {
        String file = "overrides: {estimate_count_tokens: true}\nmodel_providers:\n"
                + "  - {model: openai/gpt-4o, base_url: UPSTREAM, passthrough_auth: true}\n"
                + "  - " + entry(WireApi.CHAT, "llama", "passthrough_auth: true") + "\n";
        try (Stage stage = Stage.openFile(kind, "/", file)) {
            Answer counted = stage.post(
                    "/v1/messages/count_tokens", WireApi.MESSAGES.ask("openai/gpt-4o"), WireApi.MESSAGES.key(KEY));
            assertThat(counted.status()).as(counted.body()).isEqualTo(200);
            assertThat(counted.json().path("input_tokens").asInt()).isBetween(5, 40);
            assertThat(counted.head().header("x-plano-estimated")).isEqualTo("true");
            Answer unknown = stage.post(
                    "/v1/messages/count_tokens", WireApi.MESSAGES.ask("custom/llama"), WireApi.MESSAGES.key(KEY));
            assertThat(unknown.status()).isEqualTo(404);
            stage.assertUntouched();
        }
    }
}
