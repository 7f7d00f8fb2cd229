package io.plano.body;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonNodesTest {
    private static long count(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        long count = JsonNodes.count(bytes, 0, bytes.length);
        for (int size = 1; size <= bytes.length; size++) {
            assertThat(JsonNodes.count(Shredder.inSegmentsOf(size, bytes))).isEqualTo(count);
        }
        return count;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1 | 1",
                "[1,2,3] | 4",
                "[{},{},{}] | 7",
                "{\"a\":1,\"b\":[true,null]} | 5",
                "\"a, b [c] {d}\" | 1",
                "\"a \\\" , [\" | 1",
                "[\"a\\\\\",\"b\"] | 3",
            })
    void countsEveryValue(String json, long most) {
        assertThat(count(json)).isEqualTo(most);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"{\\\"a\\\":[1,2]}\" | 4",
                "\" \\n\\t{},{}\" | 4",
                "\"\\u007b\\u007d\\u002c\" | 4",
                "\"[1,2]\" | 3",
                "\"\\\"[1,2]\" | 1",
                "\"x\\n[1,2]\" | 1",
            })
    void countsWhatIsInATextThatMayBeJson(String json, long most) {
        assertThat(count(json)).isEqualTo(most);
    }

    @Test
    void countsTheTreesOfAnAttack() {
        assertThat(count("[" + "{},".repeat(50) + "{}]")).isGreaterThanOrEqualTo(52);
        assertThat(count("{\"arguments\":\"[" + "{},".repeat(50) + "{}]\"}")).isGreaterThanOrEqualTo(53);
    }
}
