package io.plano.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandInDialectTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SENTENCE =
            "Hello! This answer was paid by the key with fingerprint 2c70e12b that arrived in Authorization.";

    private final List<StandInCredential> credentials = List.of(new StandInCredential("Authorization", "2c70e12b"));

    @Test
    void chatAnswersWithOneDocument() throws Exception {
        JsonNode answer = JSON.readTree(new StandInChat().json(call("{\"model\":\"gpt-4o\"}")));
        assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.path("model").asText()).isEqualTo("gpt-4o");
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo(SENTENCE);
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.at("/usage/total_tokens").asInt())
                .isEqualTo(answer.at("/usage/prompt_tokens").asInt()
                        + answer.at("/usage/completion_tokens").asInt());
    }

    @Test
    void chatStreamsARoleThenTokensThenTheReasonThenDone() throws Exception {
        List<StandInEvent> events = new StandInChat().events(call("{\"stream\":true}"));
        assertThat(events).allMatch(event -> event.name() == null);
        assertThat(events.get(events.size() - 1).data()).isEqualTo("[DONE]");
        List<JsonNode> chunks = parse(events.subList(0, events.size() - 1));
        assertThat(chunks.get(0).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(joined(chunks, "/choices/0/delta/content")).isEqualTo(SENTENCE);
        assertThat(chunks.get(chunks.size() - 1).at("/choices/0/finish_reason").asText())
                .isEqualTo("stop");
        assertThat(chunks).noneMatch(chunk -> chunk.has("usage"));
        assertThat(chunks)
                .extracting(chunk -> chunk.path("id").asText())
                .containsOnly(chunks.get(0).path("id").asText());
    }

    @Test
    void chatStreamsItsUsageLastWhereItWasAskedFor() throws Exception {
        String body = "{\"stream\": true, \"stream_options\": {\"include_usage\": true}}";
        List<StandInEvent> events = new StandInChat().events(call(body));
        List<JsonNode> chunks = parse(events.subList(0, events.size() - 1));
        JsonNode last = chunks.get(chunks.size() - 1);
        assertThat(last.path("choices")).isEmpty();
        assertThat(last.at("/usage/completion_tokens").asInt()).isPositive();
        assertThat(chunks.subList(0, chunks.size() - 1))
                .allMatch(chunk -> chunk.path("usage").isNull());
    }

    @Test
    void completionsAnswersAndStreamsText() throws Exception {
        StandInCompletions dialect = new StandInCompletions();
        JsonNode answer = JSON.readTree(dialect.json(call("{}")));
        assertThat(answer.path("object").asText()).isEqualTo("text_completion");
        assertThat(answer.at("/choices/0/text").asText()).isEqualTo(SENTENCE);
        List<StandInEvent> events = dialect.events(call("{}"));
        assertThat(events.get(events.size() - 1).data()).isEqualTo("[DONE]");
        assertThat(joined(parse(events.subList(0, events.size() - 1)), "/choices/0/text"))
                .isEqualTo(SENTENCE);
    }

    @Test
    void responsesAnswersWithOneDocument() throws Exception {
        JsonNode answer = JSON.readTree(new StandInResponses().json(call("{\"model\":\"gpt-4o\"}")));
        assertThat(answer.path("object").asText()).isEqualTo("response");
        assertThat(answer.path("status").asText()).isEqualTo("completed");
        assertThat(answer.at("/output/0/content/0/text").asText()).isEqualTo(SENTENCE);
        assertThat(answer.at("/usage/output_tokens").asInt()).isPositive();
    }

    @Test
    void responsesStreamsItsWholeSequenceNumbered() throws Exception {
        List<StandInEvent> events = new StandInResponses().events(call("{}"));
        assertThat(events.stream().map(StandInEvent::name).distinct())
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        List<JsonNode> data = parse(events);
        for (int index = 0; index < data.size(); index++) {
            assertThat(data.get(index).path("sequence_number").asInt()).isEqualTo(index);
            assertThat(data.get(index).path("type").asText())
                    .isEqualTo(events.get(index).name());
        }
        assertThat(joined(data, "/delta")).isEqualTo(SENTENCE);
        assertThat(data.get(data.size() - 1)
                        .at("/response/output/0/content/0/text")
                        .asText())
                .isEqualTo(SENTENCE);
    }

    @Test
    void messagesAnswersWithOneDocument() throws Exception {
        JsonNode answer = JSON.readTree(new StandInMessages().json(call("{\"model\":\"claude-sonnet-4-5\"}")));
        assertThat(answer.path("type").asText()).isEqualTo("message");
        assertThat(answer.path("model").asText()).isEqualTo("claude-sonnet-4-5");
        assertThat(answer.at("/content/0/text").asText()).isEqualTo(SENTENCE);
        assertThat(answer.path("stop_reason").asText()).isEqualTo("end_turn");
    }

    @Test
    void messagesStreamsItsWholeSequence() throws Exception {
        List<StandInEvent> events = new StandInMessages().events(call("{}"));
        assertThat(events.stream().map(StandInEvent::name).distinct())
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "ping",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        List<JsonNode> data = parse(events);
        assertThat(joined(data, "/delta/text")).isEqualTo(SENTENCE);
        assertThat(data).allSatisfy(event -> assertThat(event.has("type")).isTrue());
        assertThat(data.get(0).at("/message/content")).isEmpty();
        assertThat(data.get(data.size() - 2).at("/usage/output_tokens").asInt()).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'input':'one'}|1",
                "{'input':['one']}|1",
                "{'input': ['a, \\'b\\'', 'c','d']}|3",
                "{'input':[1,2,3]}|1",
                "{}|1"
            },
            quoteCharacter = '`')
    void embeddingsGivesOneVectorForEachInput(String body, int vectors) throws Exception {
        JsonNode answer = JSON.readTree(StandInEmbeddings.json(call(body.replace('\'', '"'))));
        assertThat(answer.path("data")).hasSize(vectors);
        assertThat(answer.at("/data/0/embedding")).hasSize(4);
    }

    @Test
    void embeddingsGivesBase64WhereItWasAskedFor() throws Exception {
        String body = "{\"input\":\"x\",\"encoding_format\":\"base64\"}";
        JsonNode answer = JSON.readTree(StandInEmbeddings.json(call(body)));
        assertThat(answer.at("/data/0/embedding").binaryValue()).hasSize(16);
    }

    @Test
    void takesKeysFromTheRequestAndNotFromItsTexts() {
        StandInCall call = call("{\"messages\":[{\"content\":\"\\\"stream\\\":true\"}],\"model\" : \"a\\\"b\"}");
        assertThat(call.isStream()).isFalse();
        assertThat(call.model()).isEqualTo("a\\\"b");
    }

    @Test
    void tellsEveryCredentialThatArrived() {
        HttpFields fields = HttpFields.build()
                .add("authorization", "Bearer sk-one")
                .add("x-api-key", "sk-two")
                .add("api-key", " ");
        assertThat(StandInCredential.all(fields))
                .containsExactly(
                        new StandInCredential("Authorization", StandInCredential.fingerprint("sk-one")),
                        new StandInCredential("x-api-key", StandInCredential.fingerprint("sk-two")));
        assertThat(StandInCall.of("{}", StandInCredential.all(fields)).text())
                .contains("arrived in Authorization and by the key");
    }

    @Test
    void fingerprintsWithTheFirstEightDigitsOfSha256() {
        assertThat(StandInCredential.fingerprint("abc")).isEqualTo("ba7816bf");
    }

    private StandInCall call(String body) {
        return StandInCall.of(body, credentials);
    }

    private static List<JsonNode> parse(List<StandInEvent> events) throws Exception {
        List<JsonNode> nodes = new java.util.ArrayList<>();
        for (StandInEvent event : events) {
            nodes.add(JSON.readTree(event.data()));
        }
        return nodes;
    }

    private static String joined(List<JsonNode> nodes, String pointer) {
        return nodes.stream()
                .map(node -> node.at(pointer))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .collect(Collectors.joining());
    }
}
