package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelIdsTest {
    private static final String OPENAI = """
            {"object":"list","meta":{"data":[{"id":"not this"}]},"data":[
              {"id":"gpt-5","object":"model","owned_by":"openai","parent":{"id":"inner"}},
              {"object":"model","permission":[{"id":"inner"}],"id":"gpt-4o"},
              {"id":"gpt-5"},{"id":7},{"id":null},{"id":""},{"id":"a\\u0000b"},"id",["id"]],"id":"outer"}""";

    private static List<String> read(String json, int pieceLength) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        ModelIds ids = new ModelIds();
        for (int at = 0; at < bytes.length; at += pieceLength) {
            ids.accept(ByteBuffer.wrap(bytes, at, Math.min(pieceLength, bytes.length - at)));
        }
        return ids.finish();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 100_000})
    void takesTheIdsOfTheItemsAndNoOthersHoweverTheyArrive(int pieceLength) throws IOException {
        assertThat(read(OPENAI, pieceLength)).containsExactly("gpt-5", "gpt-4o");
    }

    @Test
    void readsAnthropicsShapeAndBareArrays() throws IOException {
        assertThat(read("""
                {"data":[{"type":"model","id":"claude-sonnet-4-6","display_name":"x"}],"has_more":false}""", 9)).containsExactly("claude-sonnet-4-6");
        assertThat(read("[{\"id\":\"meta/llama\"},{\"id\":\"b\"}]", 9)).containsExactly("meta/llama", "b");
        assertThat(read("{\"data\":[]}", 9)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"data\":{}}",
                "{\"data\":[{\"id\":\"a\"}]",
                "{\"data\":[{\"id\":\"a",
                "<html>",
                "null",
                "{\"error\":{\"message\":\"no\"}}"
            })
    void refusesWhatIsNoList(String text) {
        assertThatThrownBy(() -> read(text, 4)).isInstanceOf(IOException.class);
    }

    @Test
    void keepsNoMoreThanAProviderCanHave() throws IOException {
        String items = IntStream.range(0, 10_000)
                .mapToObj("{\"id\":\"m%d\"}"::formatted)
                .collect(Collectors.joining(","));

        assertThat(read("[{\"id\":\"" + "x".repeat(300) + "\"}," + items + "]", 4096))
                .hasSize(ModelIds.MAX_IDS)
                .startsWith("m0");
    }
}
