package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Translation.Arrival;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arguments of calls that are no object: in what clients send back, and in what models answer. */
class CallArgumentsTest {
    /** As in the reports of eca#340, langroid#988, hermes-agent#14443 and windmill#9902. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | {} | false",
                "`  ` | {} | false",
                "null | {} | false",
                "` null ` | {} | false",
                "{} | {} | false",
                "{\"a\":1.50} | {\"a\":1.50} | false",
                "[] | {\"_raw\":\"[]\"} | true",
                "\"x\" | {\"_raw\":\"\\\"x\\\"\"} | true",
                "7 | {\"_raw\":\"7\"} | true",
                "NaN | {\"_raw\":\"NaN\"} | true",
                "{} {} | {\"_raw\":\"{} {}\"} | true",
                "{'a':1} | {\"_raw\":\"{'a':1}\"} | true",
                "{\"a\":\"x | {\"_raw\":\"{\\\"a\\\":\\\"x\"} | true",
                "{\"a\": | {\"_raw\":\"{\\\"a\\\":\"} | true"
            })
    void goOnAsAnObject(String arguments, String object, boolean named) {
        for (WireFormat client : new WireFormat[] {WireFormat.COMPLETIONS, WireFormat.RESPONSES}) {
            var request = Codecs.of(client).decodeRequest(history(client, arguments));
            for (WireFormat upstream : Codecs.others(client)) {
                EncodedRequest encoded = Codecs.of(upstream).encodeRequest(request, Codecs.upstream(upstream));

                StrictProvider.assertTakes(upstream, encoded.body());
                assertThat(argumentsIn(upstream, json(encoded.body())))
                        .as("from %s to %s", client, upstream)
                        .isEqualTo(json(object.getBytes(StandardCharsets.UTF_8)));
                assertThat(encoded.dropped().stream().anyMatch(name -> name.endsWith("arguments")))
                        .isEqualTo(named);
            }
        }
    }

    private static byte[] history(WireFormat client, String arguments) {
        String text = Json.compact(Json.nodes().textNode(arguments));
        String body = client == WireFormat.COMPLETIONS
                ? "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":null,"
                        + "\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"f\","
                        + "\"arguments\":" + text + "}}]},{\"role\":\"tool\",\"tool_call_id\":\"call_1\","
                        + "\"content\":\"r\"}]}"
                : "{\"input\":[{\"role\":\"user\",\"content\":\"hi\"},{\"type\":\"function_call\",\"call_id\":\"call_1\","
                        + "\"name\":\"f\",\"arguments\":" + text + "},{\"type\":\"function_call_output\","
                        + "\"call_id\":\"call_1\",\"output\":\"r\"}]}";
        return body.getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode argumentsIn(WireFormat upstream, JsonNode request) {
        return switch (upstream) {
            case COMPLETIONS ->
                inText(request.at("/messages/1/tool_calls/0/function/arguments").asText());
            case RESPONSES -> inText(request.at("/input/1/arguments").asText());
            case MESSAGES -> request.at("/messages/1/content/0/input");
        };
    }

    private static JsonNode inText(String text) {
        return Objects.requireNonNull(Json.read(text));
    }

    private static JsonNode json(byte[] body) {
        return Objects.requireNonNull(Json.read(body));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"\"x\" | {\"_raw\":\"x\"}", "[1] | {\"_raw\":\"[1]\"}", "null | {}", "{\"a\":1} | {\"a\":1}"})
    void goOnAsAnObjectFromMessagesToo(String input, String object) {
        byte[] body = ("{\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\","
                        + "\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":" + input
                        + "}]},{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\"}]}]}")
                .getBytes(StandardCharsets.UTF_8);
        EncodedRequest encoded = Codecs.of(WireFormat.COMPLETIONS)
                .encodeRequest(
                        Codecs.of(WireFormat.MESSAGES).decodeRequest(body), Codecs.upstream(WireFormat.COMPLETIONS));
        assertThat(argumentsIn(WireFormat.COMPLETIONS, json(encoded.body()))).isEqualTo(inText(object));
    }

    /** Of answers, the stream says what the whole one says, in whatever pieces it comes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | {}",
                "null | {}",
                "[] | {\"_raw\":\"[]\"}",
                "\"x\" | {\"_raw\":\"\\\"x\\\"\"}",
                "NaN | {\"_raw\":\"NaN\"}",
                "{} {} | {}",
                "{\"a\":\"}\"}] | {\"a\":\"}\"}",
                "` {\"a\":1}` | {\"a\":1}"
            })
    void areTheSameObjectInAStreamAndInAWholeAnswer(String arguments, String object) {
        for (int pieces : new int[] {1, 2, 100}) {
            byte[] stream = answerOf(arguments, pieces);
            byte[] whole = Codecs.translate(
                    Codecs.plainRequest(WireFormat.MESSAGES, Arrival.DOCUMENT),
                    WireFormat.COMPLETIONS,
                    Arrival.EVENTS,
                    stream);
            assertThat(json(whole).at("/content/0/input")).isEqualTo(inText(object));

            byte[] streamed = Codecs.translate(
                    Codecs.plainRequest(WireFormat.MESSAGES, Arrival.EVENTS),
                    WireFormat.COMPLETIONS,
                    Arrival.EVENTS,
                    stream);
            StringBuilder input = new StringBuilder();
            SseText.parse(streamed).stream()
                    .filter(event -> event.type().equals("content_block_delta"))
                    .forEach(event ->
                            input.append(event.json().at("/delta/partial_json").asText()));
            assertThat(inText(input.isEmpty() ? "{}" : input.toString())).isEqualTo(inText(object));
        }
    }

    private static byte[] answerOf(String arguments, int pieces) {
        StringBuilder events = new StringBuilder();
        int length = Math.max(1, (arguments.length() + pieces - 1) / pieces);
        append(events, "\"id\":\"call_1\",\"type\":\"function\",", "\"name\":\"f\",\"arguments\":\"\"");
        for (int i = 0; i < arguments.length(); i += length) {
            String piece = arguments.substring(i, Math.min(i + length, arguments.length()));
            append(events, "", "\"arguments\":" + Json.compact(Json.nodes().textNode(piece)));
        }
        ObjectNode last = Json.nodes().objectNode();
        last.putArray("choices")
                .addObject()
                .put("index", 0)
                .put("finish_reason", "tool_calls")
                .putObject("delta");
        events.append("data: ").append(Json.compact(last)).append("\n\ndata: [DONE]\n\n");
        return events.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder events, String call, String function) {
        events.append("data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,")
                .append(call)
                .append("\"function\":{")
                .append(function)
                .append("}}]}}]}\n\n");
    }
}
