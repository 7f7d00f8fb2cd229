package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.body.ByteSegments;
import io.plano.provider.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that go out as they came, but for thoughts that the gateway made of another provider's. */
class ForeignMarksTest {
    private static String without(String body, WireFormat format) {
        return without(body, format, Set.of());
    }

    private static String without(String body, WireFormat format, Set<String> refused) {
        ByteSegments bytes = ByteSegments.of(body.getBytes(StandardCharsets.UTF_8));
        ByteSegments cut =
                ForeignMarks.mayBeIn(bytes, format, refused) ? ForeignMarks.without(bytes, format, refused) : bytes;
        if (cut == bytes) {
            return body;
        }
        return new String(cut.toByteArray(), StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        return text.replace('\'', '"');
    }

    /** T: a thought of OpenAI's; E: one without a proof; R: a redacted one of a chat provider; A: Anthropic's own; X: a text. */
    private static String blocks(String letters) {
        StringBuilder blocks = new StringBuilder();
        for (char letter : letters.toCharArray()) {
            blocks.append(blocks.isEmpty() ? "" : ", ")
                    .append(
                            switch (letter) {
                                case 'T' ->
                                    "{'type':'thinking','thinking':'ü','signature':'plano-v1.responses.rs_1.gAAA'}";
                                case 'E' -> "{'type':'thinking','thinking':'','signature' : ''}";
                                case 'R' -> "{'type':'redacted_thinking','data':'plano-v1.chat.gemini.abc'}";
                                case 'A' -> "{'type':'thinking','thinking':'t','signature':'EqQB'}";
                                default -> "{'type':'text', 'text':'1.50 é'}";
                            });
        }
        return quoted(blocks.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "X,X",
        "A,A",
        "AX,AX",
        "TX,X",
        "XT,X",
        "TEX,X",
        "XTE,X",
        "TXE,X",
        "TXEXR,XX",
        "RATEX,AX",
        "XTX,XX",
        "ATX,AX",
        "TETEX,X"
    })
    void leavesOutThoughtsThatBearOurMarkAndNothingElse(String given, String left) {
        String body =
                "{\"model\": \"m\",\n \"messages\":[ {\"role\":\"assistant\",\"content\":[%s]} ,{\"role\":\"user\","
                        + "\"content\":\"signature\"}], \"stream\":true }\n";
        assertThat(without(body.formatted(blocks(given)), WireFormat.MESSAGES)).isEqualTo(body.formatted(blocks(left)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"T", "TE", "RTE"})
    void leavesOutAMessageOfWhichNothingIsLeft(String given) {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}%s,{\"role\":\"user\",\"content\":\"b\"}]}";
        String message = ",{\"role\":\"assistant\",\"content\":[" + blocks(given) + "]}";
        assertThat(without(body.formatted(message), WireFormat.MESSAGES)).isEqualTo(body.formatted(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'reasoning','id':'rs_1','summary':[],'encrypted_content':'plano-v1.messages..EqQB'} | `` ",
                "{'type':'reasoning','id':'rs_plano_x_0','summary':[{'type':'summary_text','text':'t'}]} | `` ",
                "{'type':'reasoning','id':'rs_1','summary':[],'encrypted_content':'gAAA'} | {'type':'reasoning','id':'rs_1','summary':[],'encrypted_content':'gAAA'}",
                "{'role':'user','content':'plano-v1.messages..x rs_plano_'} | {'role':'user','content':'plano-v1.messages..x rs_plano_'}"
            })
    void leavesOutReasoningItemsThatBearOurMark(String item, String left) {
        String body = "{\"input\":[{\"role\":\"user\",\"content\":\"a\"}%s],\"model\":\"m\"}";
        String written = left.isBlank() ? "" : "," + quoted(left);
        assertThat(without(body.formatted("," + quoted(item)), WireFormat.RESPONSES))
                .isEqualTo(body.formatted(written));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'thinking','thinking':'t','signature':'plano-v1.messages..EqQB'} | `` ",
                "{'type':'thinking','thinking':'t','signature':'own'} | {'type':'thinking','thinking':'t','signature':'own'}"
            })
    void leavesOutThinkingBlocksThatBearOurMark(String block, String left) {
        String body = "{\"messages\":[{\"role\":\"assistant\",\"content\":\"a\",\"thinking_blocks\":[%s]}]}";
        assertThat(without(body.formatted(quoted(block)), WireFormat.COMPLETIONS))
                .isEqualTo(body.formatted(quoted(left.strip())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'role':'assistant','reasoning_content':'r','content':'a'} | {'role':'assistant','content':'a'}",
                "{'role':'assistant','content':'a', 'reasoning_content':'r'} | {'role':'assistant','content':'a'}",
                "{'role':'assistant','thinking_blocks':[{'type':'thinking'}],'content':'a','reasoning_content':'r'} | {'role':'assistant','content':'a'}",
                "{'role':'user','content':'reasoning_content'} | {'role':'user','content':'reasoning_content'}"
            })
    void leavesOutMembersThatTheProviderRefuses(String message, String left) {
        String body = "{\"messages\":[%s],\"reasoning_content\":1}";
        Set<String> refused = Set.of("reasoning_content", "thinking_blocks");
        assertThat(without(body.formatted(quoted(message)), WireFormat.COMPLETIONS, refused))
                .isEqualTo(body.formatted(quoted(left)));
        assertThat(without(body.formatted(quoted(message)), WireFormat.COMPLETIONS))
                .isEqualTo(body.formatted(quoted(message)));
    }

    /** Whatever it is, it goes out as it came: to say what is wrong with it is the provider's to do. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "plano-v1.",
                "{\"messages\":[{\"content\":[{\"type\":\"thinking\",\"signature\":\"plano-v1.responses.x.y\"}",
                "[\"plano-v1.responses.x.y\"]",
                "{\"messages\":\"plano-v1.\"}",
                "{\"messages\":[1,null,[\"plano-v1.\"]]}",
                "{\"system\":\"plano-v1.responses.x.y\",\"messages\":[]}"
            })
    void changesNothingThatItDoesNotUnderstand(String body) {
        for (WireFormat format : WireFormat.values()) {
            assertThat(without(body, format)).isEqualTo(body);
        }
    }
}
