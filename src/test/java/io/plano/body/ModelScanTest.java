package io.plano.body;

import static io.plano.body.Shredder.body;
import static io.plano.body.Shredder.text;
import static io.plano.http.Refusals.assertInvalid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plano.failure.GatewayException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelScanTest {
    private static final ObjectMapper JACKSON = new ObjectMapper();

    static Stream<Arguments> bodiesWithTheirModel() {
        return Stream.of(
                arguments("{\"model\":\"gpt-4o\"}", "gpt-4o"),
                arguments(" \t\r\n{ \"model\" : \"gpt-4o\" } \n", "gpt-4o"),
                arguments("{\"messages\":[{\"model\":\"inner\"}],\"model\":\"outer\"}", "outer"),
                arguments("{\"metadata\":{\"model\":\"inner\"},\"model\":\"outer\"}", "outer"),
                arguments("{\"a\":\"\\\"model\\\":\\\"x\\\\\",\"model\":\"y\"}", "y"),
                arguments("{\"a\":\"model\",\"model\":\"y\"}", "y"),
                arguments("{\"mod\\u0065l\":\"y\"}", "y"),
                arguments("{\"model\":\"\\u0067pt\\/4 \\ud83d\\ude00\"}", "gpt/4 😀"),
                arguments("{\"model\":\"\"}", ""),
                arguments("{\"model\":\"a\",}", "a"),
                arguments("{\"a\":[{]},\"model\":\"a\"}", "a"),
                arguments("{\"a\":1e9999,\"b\":-Infinity,\"c\":nul,\"model\":\"a\"}", "a"),
                arguments("\uFEFF{\"model\":\"a\"}", "a"));
    }

    @ParameterizedTest
    @MethodSource("bodiesWithTheirModel")
    void findsTheModelOfTheOutermostObject(String json, String expected) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            assertThat(ModelScan.of(Shredder.inSegmentsOf(size, bytes)).model()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "{}",
                "[]",
                "[{\"model\":\"a\"}]",
                "\"model\"",
                "12",
                "null",
                "{\"a\":{\"model\":\"b\"}}",
                "{\"Model\":\"b\"}",
                "{\"models\":\"b\"}",
                "{\"\":1}"
            })
    void findsNoModelWhereThereIsNone(String json) {
        ModelScan scan = ModelScan.of(body(json));
        assertThat(scan.model()).isNull();
        assertThat(scan.start()).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}|{'model':'m'}",
                "{ }|{'model':'m' }",
                "{'a':1}|{'model':'m','a':1}",
                "{ 'a':1}|{'model':'m', 'a':1}",
                "{'model':'','a':1}|{'model':'m','a':1}"
            })
    void givesAModelToABodyThatHasNone(String json, String expected) {
        byte[] bytes = json.replace((char) 39, '"').getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            ByteSegments body = Shredder.inSegmentsOf(size, bytes);
            assertThat(new String(ModelScan.of(body).withModel(body, "m").toByteArray(), StandardCharsets.UTF_8)
                            .strip())
                    .isEqualTo(expected.replace((char) 39, '"').strip());
        }
    }

    @ParameterizedTest
    @CsvSource({"'', NO_OBJECT", "[], NO_OBJECT", "12, NO_OBJECT", "{}, OBJECT", "{\"Model\":1}, RESPELLED"})
    void saysWhatABodyIs(String json, ModelScan.Shape shape) {
        assertThat(ModelScan.of(body(json)).shape()).isEqualTo(shape);
    }

    @DisplayName("R55: refuses a second model, however it is spelled")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"a\",\"model\":\"b\"}",
                "{\"model\":\"a\",\"model\":\"a\"}",
                "{\"model\":\"a\",\"mod\\u0065l\":\"b\"}",
                "{\"mod\\u0065l\":\"a\",\"\\u006d\\u006f\\u0064\\u0065\\u006c\":\"b\"}",
                "{\"model\":\"a\",\"x\":{\"y\":[1,2]},\"model\":null}",
                "{\"Model\":\"a\",\"model\":\"b\"}",
                "{\"model\":\"a\",\"MODEL\":\"b\"}",
            })
    void refusesASecondModel(String json) {
        assertInvalid(() -> ModelScan.of(body(json)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "true", "{}", "[\"a\"]", "{\"a\":\"b\"}"})
    void refusesAModelThatIsNoString(String value) {
        assertInvalid(() -> ModelScan.of(body("{\"model\":" + value + "}")));
    }

    @DisplayName("R61: refuses what readers could take for different documents")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"model\"",
                "{\"model\":",
                "{\"model\":\"a",
                "{\"model\":\"a\"",
                "{\"model\":\"a\",\"x\":[",
                "{\"model\":\"a\",\"x\":\"\\",
                "{\"model\":\"a\"}{\"model\":\"b\"}",
                "{\"model\":\"a\"}\u0000",
                "{\"model\":\"a\" \"x\":1}",
                "{\"model\" \"a\"}",
                "{,\"model\":\"a\"}",
                "{'model':\"b\",\"model\":\"a\"}",
                "{model:\"b\"}",
                "{/*\"model\":\"b\",*/\"model\":\"a\"}",
                "{\"x\":[/*\"*/],\"model\":\"a\"/*\"*/}",
                "{\"x\":{'\":\"','model':1}}",
                "{\"model\":}",
                "{\"model\":\"\\x\"}",
                "{\"model\":\"\\u00g0\"}",
                "{\"mod\\el\":\"a\"}",
                "}",
                "<html>",
                "model=a",
                "{\u0000\"\u0000m\u0000",
            })
    void refusesWhatCannotBeRead(String json) {
        assertInvalid(() -> ModelScan.of(body(json)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"stream\":true} | true",
                "{\"stream\": true } | true",
                "{\"str\\u0065am\":true} | true",
                "{\"stream\":false} | false",
                "{\"stream\":\"true\"} | false",
                "{\"stream\":truex} | false",
                "{\"stream\":1} | false",
                "{\"stream\":[true]} | false",
                "{\"x\":{\"stream\":true}} | false",
                "{\"stream\":true,\"stream\":false} | false",
                "{\"stream\":true,\"stream\":\"x\"} | false",
                "{\"stream\":false,\"stream\":true} | true",
                "{} | false",
            })
    void readsStreamOnlyWhereItIsLiterallyTrue(String json, boolean expected) {
        for (int size = 1; size <= json.length(); size++) {
            ByteSegments body = Shredder.inSegmentsOf(size, json.getBytes(StandardCharsets.UTF_8));
            assertThat(ModelScan.of(body).stream()).isEqualTo(expected);
        }
    }

    @Test
    @DisplayName("R56: finds the model behind five megabytes of messages")
    void findsTheModelAtTheEnd() {
        String json = "{\"messages\":[{\"content\":\"" + "aGVsbG8\\\"\\\\".repeat(500_000) + "\"}],\"model\":\"late\"}";
        ByteSegments.Builder builder = ByteSegments.builder();
        builder.write(json.getBytes(StandardCharsets.UTF_8), 0, json.length());
        ByteSegments body = builder.build();

        ModelScan scan = ModelScan.of(body);

        assertThat(scan.model()).isEqualTo("late");
        assertThat(new String(body.copyRange(scan.start(), scan.end()), StandardCharsets.UTF_8))
                .isEqualTo("\"late\"");
    }

    @Test
    @DisplayName("R61: depth costs no stack")
    void standsAnyDepth() {
        String json = "{\"x\":" + "[".repeat(1_000_000) + "]".repeat(1_000_000) + ",\"model\":\"a\"}";

        assertThat(ModelScan.of(body(json)).model()).isEqualTo("a");
    }

    @Test
    @DisplayName("R61: passes invalid UTF-8 and lone surrogates that are not in the model, refuses a model with them")
    void looksAtTheBytesOfTheModelOnly() {
        byte[] elsewhere = "{\"x\":\"?\\ud800\",\"?\":1,\"model\":\"a\"}".getBytes(StandardCharsets.ISO_8859_1);
        byte[] inModel = "{\"model\":\"?\"}".getBytes(StandardCharsets.ISO_8859_1);
        for (byte[] bytes : List.of(elsewhere, inModel)) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = bytes[i] == '?' ? (byte) 0xff : bytes[i];
            }
        }

        assertThat(ModelScan.of(ByteSegments.of(elsewhere)).model()).isEqualTo("a");
        assertInvalid(() -> ModelScan.of(ByteSegments.of(inModel)));
    }

    @Test
    void refusesAModelNameThatIsNoName() {
        assertInvalid(() -> ModelScan.of(body("{\"model\":\"" + "a".repeat(5000) + "\"}")));
    }

    @DisplayName("R59: only the bytes of the model change")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"plain | \"plain\"", "a\"b\\c | \"a\\\"b\\\\c\"", "😀 | \"😀\"", "`a\tb` | \"a\\u0009b\""})
    void replacesTheModelAndNothingElse(String newModel, String literal) throws IOException {
        String before = "{ \"temperature\" : 1.50, \"model\" :\"old\\u0021\"";
        String after = " , \"x\":\"\\u00e9\"}\n";
        byte[] json =
                (before.replace("\"old\\u0021\"", "") + "\"old\\u0021\"" + after).getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= json.length; size++) {
            ByteSegments body = Shredder.inSegmentsOf(size, json);

            String rewritten = text(ModelScan.of(body).withModel(body, newModel));

            assertThat(rewritten).isEqualTo(before.replace("\"old\\u0021\"", "") + literal + after);
            assertThat(JACKSON.readTree(rewritten).get("model").asText()).isEqualTo(newModel);
        }
    }

    @Test
    @DisplayName("R60: no rewrite leaves the body itself")
    void keepsTheBodyWhereTheModelStays() {
        ByteSegments body = body("{\"model\":\"a\\u0062\"}");

        assertThat(ModelScan.of(body).withModel(body, "ab")).isSameAs(body);
    }

    private static Arbitrary<String> snippets() {
        return Arbitraries.of("\\", "\"", "{", "}", "[", "]", ":", ",", "model", "\\u0", "/", "\n", "é", "😀", "a")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, snippets()), Tuple.of(1, Arbitraries.of("model", "stream", "Model", "\"model\":")));
    }

    @Provide
    Arbitrary<Object> values() {
        return Arbitraries.lazyOf(
                () -> texts().map(text -> (Object) text),
                () -> Arbitraries.of(true, false, 1, -2.5e300, 12345678901234L),
                () -> values().list().ofMaxSize(3).map(list -> (Object) list),
                () -> Arbitraries.maps(texts(), values()).ofMaxSize(3).map(map -> (Object) map));
    }

    @Provide
    Arbitrary<Map<String, Object>> objects() {
        Arbitrary<Map<String, Object>> members = Arbitraries.maps(
                        texts().filter(name -> !name.equalsIgnoreCase("model")), values())
                .ofMaxSize(4);
        Arbitrary<Object> stream = Arbitraries.of(true, false, "true");
        return Combinators.combine(
                        members, texts(), stream, Arbitraries.integers().between(0, 7))
                .as((all, model, streamed, mode) -> {
                    Map<String, Object> object = new LinkedHashMap<>();
                    if ((mode & 1) == 1) {
                        object.put("model", model);
                    }
                    object.putAll(all);
                    if ((mode & 2) == 2) {
                        object.put("stream", streamed);
                    }
                    if (mode == 4) {
                        object.put("model", model);
                    }
                    return object;
                });
    }

    @Property(tries = 200)
    void agreesWithAParserAtEverySegmentSize(@ForAll("objects") Map<String, Object> object) throws IOException {
        JsonNode tree = JACKSON.valueToTree(object);
        byte[] json = JACKSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(object);
        String model = tree.has("model") ? tree.get("model").asText() : null;
        boolean stream = tree.has("stream")
                && tree.get("stream").isBoolean()
                && tree.get("stream").asBoolean();
        for (int size = 1; size <= json.length; size++) {
            ModelScan scan = ModelScan.of(Shredder.inSegmentsOf(size, json));
            assertThat(scan.model()).isEqualTo(model);
            assertThat(scan.stream()).isEqualTo(stream);
        }
    }

    @Property(tries = 200)
    void replacesAsAParserWould(@ForAll("objects") Map<String, Object> object, @ForAll("texts") String newModel)
            throws IOException {
        if (!object.containsKey("model")) {
            return;
        }
        ByteSegments body = Shredder.inSegmentsOf(7, JACKSON.writeValueAsBytes(object));

        ByteSegments rewritten = ModelScan.of(body).withModel(body, newModel);

        object.put("model", newModel);
        assertThat(rewritten.toByteArray())
                .satisfies(bytes -> assertThat(JACKSON.readTree(bytes))
                        .isEqualTo(JACKSON.readTree(JACKSON.writeValueAsBytes(object))));
    }

    @Property
    @Label("R61: no bytes make it fail in another way than refusing")
    void neverFailsOtherwise(
            @ForAll @Size(max = 40) List<@IntRange(max = 24) Integer> choices,
            @ForAll @IntRange(min = 1, max = 9) int segment) {
        String alphabet = "{{{}}[]\"\"\"\\::,,m\u00ff\u00001 tue/'";
        StringBuilder text = new StringBuilder("{\"model\":\"a\"");
        choices.forEach(choice -> text.append(alphabet.charAt(choice)));
        byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        String whole = outcome(ByteSegments.of(bytes));

        assertThat(outcome(Shredder.inSegmentsOf(segment, bytes))).isEqualTo(whole);
    }

    private static String outcome(ByteSegments body) {
        try {
            return ModelScan.of(body).toString();
        } catch (GatewayException e) {
            return e.clientMessage();
        }
    }
}
