package io.plano.translate.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesDeltaTest {
    private final MessagesDelta scan = new MessagesDelta();

    @Test
    void tellsEventsApartThatFollowEachOther() {
        for (int round = 0; round < 20; round++) {
            for (int index = 0; index < 3; index++) {
                String text = "piece " + round;
                String padding = " ".repeat((round * 7 + index) % 12);
                read("{\"type\":\"content_block_delta\",\"index\":" + index
                        + ",\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}" + padding + "}");
                assertRead(MessagesDelta.Kind.TEXT, index, text);
                read("{\"type\":\"content_block_delta\",\"index\":" + index
                        + ",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"" + text + "\\n\"}}");
                assertRead(MessagesDelta.Kind.THINKING, index, text + "\n");
                read("{\"type\":\"content_block_delta\",\"index\":" + index
                        + ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"" + text + "\"}}");
                assertRead(MessagesDelta.Kind.INPUT, index, text);
            }
        }
    }

    @Test
    void readsManyThatAreAlikeAndOneThatIsNot() {
        String head = "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"";
        for (String text : new String[] {"", " ", "a", "Grüße, 世界", "}", "\\\"}", "  ", "end}  "}) {
            read(head + text + "\"}  }");
            assertRead(MessagesDelta.Kind.TEXT, 0, text.replace("\\\"", "\""));
        }
    }

    @Test
    void takesMembersInAnyOrderBehindTheType() {
        for (int i = 0; i < 5; i++) {
            read("{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"t" + i
                    + "\"},\"index\":7}");
            assertRead(MessagesDelta.Kind.TEXT, 7, "t" + i);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "}",
                "{}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"  }",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}} }",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\",\"more\":1}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"thinking\":\"x\"}}",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"x\"}}",
                "{\"type\":\"content_block_start\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}",
                "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}",
            })
    void leavesTheRestToTheParser(String event) {
        read("{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}");

        assertThat(read(event)).isFalse();
    }

    private boolean read(String event) {
        byte[] bytes = ("xx" + event + "yy").getBytes(StandardCharsets.UTF_8);
        return scan.read(bytes, 2, bytes.length - 4);
    }

    private void assertRead(MessagesDelta.Kind kind, int index, String text) {
        assertThat(scan.text()).isEqualTo(text);
        assertThat(scan.kind()).isEqualTo(kind);
        assertThat(scan.index()).isEqualTo(index);
    }
}
