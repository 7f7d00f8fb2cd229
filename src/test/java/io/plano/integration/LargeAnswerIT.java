package io.plano.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.ContainerTest;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers with images in them: translated as a whole, or in events of megabytes. */
@ContainerTest
@LeakChecked
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LargeAnswerIT {
    private static final String KEY = "Authorization: Bearer sk-test-1234567890";
    private static final String CHUNK =
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"delta\":%s,\"finish_reason\":%s}]}\n\n";

    private final GatewayContainer.Kind kind;

    LargeAnswerIT(GatewayContainer.Kind kind) {
        this.kind = kind;
    }

    private Stage stage(String overrides) {
        return Stage.openFile(
                kind,
                "/",
                "model_providers:\n  - {model: custom/m, base_url: UPSTREAM, provider_interface: openai, apis: [chat],"
                        + " passthrough_auth: true}\n" + overrides);
    }

    private static String image(int length) {
        return "![image](data:image/png;base64," + "A".repeat(length) + ")";
    }

    private static String document(String content) {
        return "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"message\":{\"role\":\"assistant\",\"content\":\"" + content + "\"},\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}";
    }

    private static Reply stream(String... contents) {
        Reply reply = Reply.stream();
        for (String content : contents) {
            reply.chunk(CHUNK.formatted("{\"content\":\"" + content + "\"}", "null"));
        }
        return reply.chunk(CHUNK.formatted("{}", "\"stop\""))
                .chunk("data: [DONE]\n\n")
                .lastChunk();
    }

    private static RawResponse ask(RawClient client, String path, String body) {
        return client.patience(Duration.ofSeconds(60))
                .request("POST", path)
                .line(KEY)
                .json(body)
                .exchange();
    }

    private static String messages(String more) {
        return "{\"model\":\"m\",\"max_tokens\":100" + more + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    @ParameterizedTest
    @ValueSource(ints = {300_000, 4_195_304, 8_000_000})
    void givesAWholeAnswerToItsClient(int length) {
        try (Stage stage = stage("");
                RawClient client = stage.connect()) {
            stage.upstream().onRequest(request -> Reply.json(200, document(image(length))));
            RawResponse response = ask(client, "/v1/messages", messages(""));

            assertThat(response.status()).isEqualTo(200);
            String body = response.bodyText();
            assertThat(body)
                    .hasSizeGreaterThan(length)
                    .startsWith("{")
                    .endsWith("}")
                    .contains(image(length));
        }
    }

    @Test
    void givesAnAnswerThatIsAsLargeAsTheBudgetAllows() {
        try (Stage stage = stage(
                        "overrides: {max_buffered_bytes: 600000000, max_buffered_bytes_per_client: 600000000}\n");
                RawClient client = stage.connect()) {
            stage.upstream().onRequest(request -> Reply.json(200, document(image(24_000_000))));
            RawResponse response = ask(client, "/v1/messages", messages(""));

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.discardBody()).isGreaterThan(24_000_000);
        }
    }

    @Test
    void refusesAnAnswerThatNeedsMoreThanOneClientMayHold() {
        try (Stage stage = stage("overrides: {max_buffered_bytes: 64000000}\n");
                RawClient client = stage.connect()) {
            stage.upstream().onRequest(request -> Reply.json(200, document(image(8_000_000))));
            RawResponse response = ask(client, "/v1/messages", messages(""));

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("Retry-After")).isEqualTo("1");
            assertThat(response.bodyText()).contains("more memory than this gateway may use");
        }
    }

    @Test
    void refusesALargeHeadForWhichThereIsNoRoom() {
        try (Stage stage = stage("overrides: {max_buffered_bytes: 1048576}\n");
                RawClient client = stage.connect()) {
            Reply large = Reply.script().head(200, "Content-Length: 2");
            for (int i = 0; i < 4; i++) {
                large.header("X-Line-" + i, "v".repeat(50_000));
            }
            large.bytes("{}");
            stage.upstream().onRequest(request -> large);
            RawResponse response = ask(client, "/v1/chat/completions", "{\"model\":\"m\",\"messages\":[]}");

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("Retry-After")).isEqualTo("1");
        }
    }

    @Test
    void givesAnEventOfMegabytesToItsClient() {
        try (Stage stage = stage("");
                RawClient client = stage.connect()) {
            stage.upstream().onRequest(request -> stream("before", image(4_500_000), "after"));
            RawResponse response = ask(client, "/v1/messages", messages(",\"stream\":true"));

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.bodyText())
                    .contains("before", image(4_500_000), "after")
                    .contains("message_stop");
        }
    }

    @Test
    void givesTheLastEventsOfResponsesWhichRepeatTheAnswer() {
        String[] pieces = new String[400];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = "piece " + i + " " + "x".repeat(5000);
        }
        try (Stage stage = stage("");
                RawClient client = stage.connect()) {
            stage.upstream().onRequest(request -> stream(pieces));
            RawResponse response = ask(client, "/v1/responses", "{\"model\":\"m\",\"stream\":true,\"input\":\"hi\"}");

            assertThat(response.status()).isEqualTo(200);
            String body = response.bodyText();
            assertThat(body).contains("response.completed").contains("piece 399");
            assertThat(body.length()).isGreaterThan(5 * 400 * 5000);
            assertThat(response.end()).isEqualTo(ResponseEnd.CLEAN);
        }
    }

    @Test
    void collectsALargeStreamForAClientThatWantsADocument() {
        String[] pieces = new String[400];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = "piece " + i + " " + "x".repeat(5000);
        }
        try (Stage stage = stage("");
                RawClient client = stage.connect()) {
            stage.upstream().onRequest(request -> stream(pieces));
            RawResponse response = ask(client, "/v1/messages", messages(""));

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.bodyText()).contains("piece 0 ", "piece 399 ").hasSizeGreaterThan(400 * 5000);
        }
    }

    @Test
    void translatesALargeRequest() {
        try (Stage stage = stage("");
                RawClient client = stage.connect()) {
            stage.upstream().onRequest(request -> Reply.json(200, document("fine")));
            RawResponse response =
                    ask(client, "/v1/messages", messages("").replace("\"hi\"", "\"" + "long ".repeat(800_000) + "\""));

            assertThat(response.status()).as(response.toString()).isEqualTo(200);
            assertThat(response.bodyText()).contains("fine");
            assertThat(stage.takeRequest().bodyText()).contains("long long").hasSizeGreaterThan(4_000_000);
        }
    }

    @Test
    void letsAClientLeaveWhileAWorkerTranslatesForIt() {
        try (Stage stage = stage("")) {
            stage.upstream().onRequest(request -> Reply.json(200, document(image(8_000_000))));
            for (int i = 0; i < 5; i++) {
                RawClient client = stage.connect();
                client.request("POST", "/v1/messages")
                        .line(KEY)
                        .json(messages("").replace("\"hi\"", "\"" + "long ".repeat(800_000) + "\""))
                        .send();
                client.reset();
            }
        }
    }
}
