package io.plano.body;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseTailTest {
    private static SseTail fed(String stream, int size) {
        SseTail tail = new SseTail();
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i += size) {
            tail.accept(bytes, i, Math.min(size, bytes.length - i));
        }
        return tail;
    }

    @DisplayName("R67: a ping may go where an event has ended, whatever the line ends and wherever chunks are cut")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data: x\n\n",
                "data: x\r\n\r\n",
                "data: x\r\r",
                "data: x\r\r\n",
                "data: x\n\r",
                "data: x\n\n: ping\n\n",
                "\n",
                "data: x\n\n\n\n"
            })
    void standsBetweenEvents(String stream) {
        for (int size = 1; size <= stream.length() + 1; size++) {
            assertThat(fed(stream, size).isAtEventBoundary()).isTrue();
        }
    }

    @DisplayName("R67: no ping inside an event")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "d",
                "data: x",
                "data: x\n",
                "data: x\r",
                "data: x\r\n",
                "data: x\n\ndata",
                "data: x\n\nevent: y\n",
                "data: x\n\n: ping\n",
                "data: x\n\n "
            })
    void standsInsideAnEvent(String stream) {
        for (int size = 1; size <= stream.length(); size++) {
            assertThat(fed(stream, size).isAtEventBoundary()).isFalse();
        }
    }

    @DisplayName("R66: knows the terminator of each format")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"id\":1}\n\ndata: [DONE]\n\n",
                "data: {\"id\":1}\n\ndata: [DONE]",
                "data:[DONE]\r\n\r\n",
                "data: [DONE]\n\n: bye\n\n",
                "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
                "event: message_stop\r\ndata: {}\r\n\r\n",
                "data: {\"type\": \"message_stop\"}\n\n",
                "data: { \"type\" : \"message_stop\"}\r\r",
                "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"a\":\"b\"}}\n\n",
                "event: response.failed\ndata: {}\n\n",
                "data: {\"type\":\"response.incomplete\",\"response\":{}}\n\n",
                "event: error\ndata: {\"type\":\"error\"}\n\n",
            })
    void seesTheEndOfTheStream(String stream) {
        for (int size = 1; size <= stream.length(); size++) {
            assertThat(fed(stream, size).isTerminated()).isTrue();
        }
    }

    @DisplayName("R66: anything else at the end is a truncation")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data: {\"id\":1}\n\n",
                "data: [DONE",
                "data: [DONE]x\n\n",
                "data: \"[DONE]\"\n\n",
                ": [DONE]\n\n",
                "event: message_stop\n",
                "event: message_stop\ndata: {\"type\":\"message_stop\"}\n",
                "event: message_stopped\ndata: {}\n\n",
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"text\":\"message_stop\"}\n\n",
                "event: ping\ndata: {\"type\":\"message_stop\"}\n\n",
                "data: [DONE]\n\ndata: {\"id\":2}\n\n",
                "data: {\"text\":\"message_stop\"}\n\n",
                "data: {\"type\n\n",
                "data: {\n\n",
                "data:\n\n",
                "data\n\n",
            })
    void doesNotTakeOtherEventsForTheEnd(String stream) {
        for (int size = 1; size <= stream.length() + 1; size++) {
            assertThat(fed(stream, size).isTerminated()).isFalse();
        }
    }

    @Test
    void keepsOnlyTheHeadOfALongLine() {
        SseTail tail = fed("event: response.completed\ndata: {\"x\":\"" + "a".repeat(1 << 20) + "\"}\n\n", 1000);

        assertThat(tail.isTerminated()).isTrue();
        assertThat(tail.isAtEventBoundary()).isTrue();
    }

    @Test
    void readsBuffersWithoutMovingThem() {
        ByteBuffer direct = ByteBuffer.allocateDirect(16);
        direct.put("xdata: [DONE]\n\n".getBytes(StandardCharsets.UTF_8)).flip().position(1);
        ByteBuffer heap = ByteBuffer.wrap("xdata: [DONE]\n\n".getBytes(StandardCharsets.UTF_8), 1, 14);
        for (ByteBuffer buffer : new ByteBuffer[] {direct, heap}) {
            SseTail tail = new SseTail();
            tail.accept(buffer);
            assertThat(tail.isTerminated()).isTrue();
            assertThat(buffer.position()).isEqualTo(1);
        }
    }
}
