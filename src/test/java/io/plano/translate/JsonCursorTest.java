package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.Assumptions;

/** What the cursor reads is what Jackson reads; what it refuses may be anything. */
class JsonCursorTest {
    private static final ObjectMapper PLAIN = new ObjectMapper();
    private static final ObjectMapper ASCII =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final JsonCursor cursor = new JsonCursor();

    @Property
    void readsAnyTextHoweverItIsWritten(@ForAll String text, @ForAll @IntRange(max = 20) int before)
            throws JsonProcessingException {
        Assumptions.assumeThat(text)
                .isEqualTo(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        for (ObjectMapper writer : new ObjectMapper[] {PLAIN, ASCII}) {
            String written = writer.writeValueAsString(text);
            byte[] document = (" ".repeat(before) + written + ",").getBytes(StandardCharsets.UTF_8);
            cursor.reset(document, 0, document.length);
            assertThat(cursor.string()).as(written).isTrue();
            assertThat(cursor.text()).isEqualTo(text);
            assertThat(cursor.isPlain()).isEqualTo(!written.contains("\\"));
            assertThat(cursor.take(',')).isTrue();
            assertThat(cursor.isAtEnd()).isTrue();
        }
    }

    @Example
    void findsTheEndOfAStringWhereverItStands() {
        for (int length = 0; length < 40; length++) {
            for (byte stop : "\"\\\n\0".getBytes(StandardCharsets.US_ASCII)) {
                byte[] document = new byte[length + 12];
                Arrays.fill(document, (byte) 'é');
                document[0] = '"';
                document[length + 1] = stop;
                document[length + 2] = stop == '\\' ? (byte) '"' : (byte) 'x';
                document[length + 3] = '"';
                cursor.reset(document, 0, document.length);
                assertThat(cursor.string()).as("%d, %d", length, stop).isEqualTo(stop == '"' || stop == '\\');
                if (stop == '"') {
                    assertThat(cursor.stringEnd()).isEqualTo(length + 1);
                } else if (stop == '\\') {
                    assertThat(cursor.stringEnd()).isEqualTo(length + 3);
                }
            }
        }
    }

    @Example
    void refusesWhatIsNoString() {
        for (String text :
                new String[] {"", "x", "\"", "\"a", "\"a\\", "\"a\\\"", "\"\\x\"", "\"\\u12g4\"", "\"\\u12", "\"a\tb\""
                }) {
            byte[] document = text.getBytes(StandardCharsets.UTF_8);
            cursor.reset(document, 0, document.length);
            assertThat(cursor.string()).as(text).isFalse();
        }
    }

    @Property
    void passesOverNothingThatIsNoJson(@ForAll("documents") String text) {
        byte[] document = text.getBytes(StandardCharsets.UTF_8);
        cursor.reset(document, 0, document.length);
        if (cursor.skip() && cursor.isAtEnd()) {
            JsonNode tree = Json.read(document, 0, document.length);
            assertThat(tree).as(text).isNotNull();
        }
    }

    @Provide
    Arbitrary<String> documents() {
        return Arbitraries.strings()
                .withChars("{}[],:\"\\ntrufalse0123.-+eE u\n")
                .ofMaxLength(24);
    }
}
