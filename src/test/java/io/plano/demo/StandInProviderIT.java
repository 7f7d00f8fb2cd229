package io.plano.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandInProviderIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private StandInProvider provider;

    @BeforeEach
    void start() throws IOException {
        provider = StandInProvider.start(Duration.ZERO);
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/messages"})
    void saysWhichKeyPaid(String path) throws Exception {
        HttpResponse<String> answer = post(path, "{\"model\":\"m\"}", "Authorization", "Bearer abc");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("the key with fingerprint ba7816bf that arrived in Authorization.");
        assertThat(answer.headers().firstValue("x-stand-in-credential")).contains("Authorization ba7816bf");
        JSON.readTree(answer.body());
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions,data: [DONE]",
        "/v1/completions,data: [DONE]",
        "/v1/responses,event: response.completed",
        "/v1/messages,event: message_stop"
    })
    void streamsToTheTerminator(String path, String terminator) throws Exception {
        HttpResponse<String> answer = post(path, "{\"stream\":true}", "x-api-key", "abc");
        assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        assertThat(answer.body()).endsWith("\n\n").contains(terminator).contains("ba7816bf");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions,/error/code,invalid_api_key",
        "/v1/embeddings,/error/code,invalid_api_key",
        "/v1/messages,/error/type,authentication_error"
    })
    void refusesWithoutACredentialInTheDialect(String path, String pointer, String value) throws Exception {
        HttpResponse<String> answer = post(path, "{}", "Authorization", "Bearer");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(JSON.readTree(answer.body()).at(pointer).asText()).isEqualTo(value);
    }

    @Test
    void knowsNoOtherPaths() throws Exception {
        HttpResponse<String> answer = post("/v1/unknown", "{}", "x-api-key", "abc");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(answer.body()).at("/error/code").asText()).isEqualTo("unknown_url");
    }

    @Test
    void countsTokensAndEmbeds() throws Exception {
        JsonNode count = JSON.readTree(post("/v1/messages/count_tokens", "{\"messages\":[]}", "x-api-key", "abc")
                .body());
        assertThat(count.path("input_tokens").asInt()).isPositive();
        JsonNode vectors = JSON.readTree(post("/v1/embeddings", "{\"input\":[\"a\",\"b\"]}", "x-api-key", "abc")
                .body());
        assertThat(vectors.path("data")).hasSize(2);
    }

    @Test
    void listsModelsInBothShapes() throws Exception {
        HttpRequest.Builder get = HttpRequest.newBuilder(URI.create(provider.uri() + "/v1/models"))
                .header("x-api-key", "abc");
        JsonNode openAi = JSON.readTree(
                client.send(get.build(), HttpResponse.BodyHandlers.ofString()).body());
        assertThat(openAi.at("/data/0/object").asText()).isEqualTo("model");
        get.header("anthropic-version", "2023-06-01");
        JsonNode anthropic = JSON.readTree(
                client.send(get.build(), HttpResponse.BodyHandlers.ofString()).body());
        assertThat(anthropic.at("/data/0/type").asText()).isEqualTo("model");
    }

    private HttpResponse<String> post(String path, String body, String name, String value) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(provider.uri() + path))
                .header("Content-Type", "application/json")
                .header(name, value)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
