package io.plano.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PieceQueueTest {
    private final PieceQueue queue = new PieceQueue();

    @Test
    void handsOutWhatWaitsTogetherInOnePiece() {
        queue.add(bytes("data: 1\n\n"));
        queue.add(bytes("data: 2\n\n"));
        queue.add(bytes("data: 3\n\n"));

        assertThat(queue.take()).asString(StandardCharsets.UTF_8).isEqualTo("data: 1\n\ndata: 2\n\ndata: 3\n\n");
        assertThat(queue.take()).isNull();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void handsOutTheArrayItselfWhereItWaitsAlone() {
        byte[] alone = bytes("data: 1\n\n");
        queue.add(alone);

        assertThat(queue.take()).isSameAs(alone);
    }

    @Test
    void joinsNoMoreThanThirtyTwoKilobytes() {
        for (int i = 0; i < 5; i++) {
            queue.add(new byte[8 << 10]);
        }

        assertThat(queue.take()).hasSize(32 << 10);
        assertThat(queue.take()).hasSize(8 << 10);
    }

    @Test
    void leavesAnArrayWholeThatIsLargerThanAPiece() {
        queue.add(bytes("small"));
        queue.add(new byte[100 << 10]);
        queue.add(bytes("small"));

        assertThat(queue.take()).hasSize(5);
        assertThat(queue.take()).hasSize(100 << 10);
        assertThat(queue.take()).hasSize(5);
    }

    @Test
    void countsWhatWaits() {
        assertThat(queue.add(new byte[10])).isEqualTo(10);
        assertThat(queue.add(new byte[20])).isEqualTo(30);
        queue.take();
        assertThat(queue.bytes()).isZero();
        queue.add(new byte[5]);
        queue.clear();
        assertThat(queue.bytes()).isZero();
        assertThat(queue.take()).isNull();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
