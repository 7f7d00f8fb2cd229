package io.plano.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.integration.Stage.Answer;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A provider with both of OpenAI's APIs: which of them is asked, the model decides; and what the file says of it. */
@LeakChecked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ModelDecidesIT {
    private static final String KEY = "Authorization: Bearer sk-client-1";

    private Stage stage;

    @BeforeAll
    void open() {
        stage = Stage.open(
                GatewayContainer.Kind.JETTY,
                "{model: 'openai/*', base_url: UPSTREAM, passthrough_auth: true}",
                "{model: custom/house, base_url: UPSTREAM, provider_interface: openai, apis: [chat], passthrough_auth: true,"
                        + " model_facts: {max_output: 77, cannot: [reasoning]}}",
                "{model: 'anthropic/*', base_url: UPSTREAM, passthrough_auth: true}");
        stage.upstream().onRequest(request -> {
            for (WireApi api : WireApi.values()) {
                if (request.requestLine().contains(api.path)) {
                    return api.reply(request.bodyText());
                }
            }
            return Stage.answer(request);
        });
    }

    @AfterAll
    void close() {
        stage.close();
    }

    /** The client's API, the model, members of the request, and the path at which the provider is asked. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CHAT | gpt-5.4 | | /v1/chat/completions",
                "CHAT | gpt-5.4 | 'tools':[{'type':'function','function':{'name':'f'}}], | /v1/chat/completions",
                "CHAT | gpt-5.4 | 'reasoning_effort':'low','tools':[{'type':'function','function':{'name':'f'}}], | /v1/responses",
                "CHAT | gpt-5.6-terra | 'tools':[{'type':'function','function':{'name':'f'}}], | /v1/responses",
                "CHAT | gpt-5-codex | | /v1/responses",
                "CHAT | gpt-4.1 | 'tools':[{'type':'function','function':{'name':'f'}}], | /v1/chat/completions",
                "RESPONSES | gpt-5-codex | | /v1/responses",
                "RESPONSES | gpt-4.1 | | /v1/responses",
                "MESSAGES | gpt-4.1 | | /v1/chat/completions",
                "MESSAGES | gpt-5.4 | | /v1/responses",
                "MESSAGES | gpt-5-codex | | /v1/responses",
                "MESSAGES | gpt-4.1 | 'tools':[{'type':'web_search_20250305','name':'web_search'}], | /v1/responses"
            })
    void decidesWhichApiIsAsked(WireApi client, String model, String members, String path) {
        String rest = members == null ? "" : members.replace('\'', '"');
        Answer answer = stage.post(client.path, client.ask("openai/" + model, rest), KEY);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(client.textOf(answer.json())).isEqualTo(WireApi.TEXT);
        assertThat(stage.takeRequest().requestLine()).isEqualTo("POST " + path + " HTTP/1.1");
    }

    @ParameterizedTest
    @CsvSource({"500,77", "50,50"})
    void whatTheFileSaysOfAModelCounts(int asked, int sent) {
        String rest = "\"thinking\":{\"type\":\"adaptive\"},";
        String body =
                WireApi.MESSAGES.ask("custom/house", rest).replace("\"max_tokens\":100", "\"max_tokens\":" + asked);
        Answer answer = stage.post(WireApi.MESSAGES.path, body, KEY);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        String dropped = answer.head().header("x-plano-dropped");
        assertThat(dropped).contains("thinking");
        assertThat(dropped.contains("max_tokens")).isEqualTo(asked != sent);
        assertThat(WireApi.json(stage.takeRequest().bodyText())
                        .path("max_completion_tokens")
                        .asInt())
                .isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({"anthropic/claude-sonnet-4-5,400", "openai/text-embedding-3-small,200"})
    void embeddingsGoOnlyWhereThereAreSome(String model, int status) {
        Answer answer = stage.post("/v1/embeddings", "{\"model\":\"" + model + "\",\"input\":\"x\"}", KEY);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        if (status == 200) {
            stage.takeRequest();
        }
    }
}
