package io.plano.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.body.ByteSegments;
import io.plano.budget.BudgetLimits;
import io.plano.budget.Holding;
import io.plano.budget.MemoryBudget;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every order in which the body, the budget and the end of the connection can come. */
class BodyAggregatorTest {
    private static final long MB = 1 << 20;

    private final MemoryBudget budget = new MemoryBudget(BudgetLimits.ofTotal(160 * MB));
    private final Holding holding = budget.open("192.0.2.1", 0);
    private final Input input = new Input();
    private final Receiver receiver = new Receiver();

    /** An input that has what was put into it. */
    private static final class Input extends InputStream implements RequestInput {
        private final Deque<byte[]> pieces = new ArrayDeque<>();
        private boolean ended;
        private @Nullable Listener listener;

        @Override
        public boolean isFinished() {
            return ended && pieces.isEmpty();
        }

        @Override
        public boolean isReady() {
            return ended || !pieces.isEmpty();
        }

        @Override
        public void start(Listener told) {
            listener = told;
        }

        @Override
        public InputStream stream() {
            return this;
        }

        @Override
        public GatewayException explain(Throwable failure) {
            return GatewayException.of(FailureKind.CLIENT_GONE, "broken off", failure);
        }

        @Override
        public int read() {
            throw new AssertionError("byte by byte");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            byte[] piece = pieces.poll();
            if (piece == null) {
                return -1;
            }
            int count = Math.min(length, piece.length);
            System.arraycopy(piece, 0, bytes, offset, count);
            if (count < piece.length) {
                pieces.push(java.util.Arrays.copyOfRange(piece, count, piece.length));
            }
            return count;
        }

        @Override
        public int available() {
            return pieces.stream().mapToInt(piece -> piece.length).sum();
        }

        void arrive(int bytes) {
            pieces.add(new byte[bytes]);
            if (listener != null) {
                listener.readable();
            }
        }

        void end() {
            ended = true;
            if (listener != null) {
                listener.ended();
            }
        }
    }

    private static final class Receiver implements BodyReceiver {
        private long length = -1;
        private long reserved;
        private @Nullable GatewayException failure;
        private int calls;

        @Override
        public void received(ByteSegments body, long more) {
            length = body.length();
            reserved = more;
            calls++;
        }

        @Override
        public void failed(GatewayException cause) {
            failure = cause;
            calls++;
        }

        @Nullable
        FailureKind kind() {
            return failure == null ? null : failure.kind();
        }
    }

    private BodyAggregator aggregator(long declared, long reserved) {
        return new BodyAggregator(input, declared, new BodyAggregator.Reserved(holding, reserved), 32 * MB, receiver);
    }

    @Test
    void readsWhatIsAlreadyThereInPlace() throws Exception {
        input.arrive(1000);
        aggregator(1000, 1000).start();

        assertThat(receiver.length).isEqualTo(1000);
        assertThat(receiver.reserved).isZero();
        assertThat(input.listener).isNull();
        assertThat(budget.held()).isZero();
    }

    @Test
    void reservesADeclaredLengthBeforeItReadsAByte() throws Exception {
        aggregator(10 * MB, 1000).start();
        assertThat(budget.held()).isEqualTo(10 * MB - 1000);
        for (int i = 0; i < 10; i++) {
            input.arrive((int) MB);
        }
        input.end();

        assertThat(receiver.length).isEqualTo(10 * MB);
        assertThat(receiver.reserved).isEqualTo(10 * MB - 1000);
        assertThat(receiver.calls).isOne();
    }

    @Test
    void reservesAnUnknownLengthStepByStep() throws Exception {
        aggregator(-1, 1000).start();
        input.arrive(100);
        assertThat(budget.held()).isBetween(60_000L, 70_000L);
        for (int i = 0; i < 20; i++) {
            input.arrive(50_000);
            assertThat(budget.held()).isBetween(50_000L * (i + 1), 50_000L * (i + 1) + 140_000);
        }
        input.end();

        assertThat(receiver.length).isEqualTo(1_000_100);
        assertThat(receiver.reserved).isEqualTo(budget.held());
    }

    @Test
    void leavesTheBodyWithTheClientUntilThereIsRoom() throws Exception {
        Holding other = budget.open("192.0.2.1", 0);
        assertThat(other.reserve(25 * MB)).isTrue();
        input.arrive((int) MB);
        aggregator(4 * MB, 0).start();
        input.arrive((int) (3 * MB));
        assertThat(receiver.calls).isZero();
        assertThat(input.available()).isEqualTo((int) (4 * MB));

        other.close();
        budget.serveWaiting(Runnable::run);
        input.end();

        assertThat(receiver.length).isEqualTo(4 * MB);
        assertThat(receiver.calls).isOne();
    }

    @Test
    void refusesWhatHasWaitedForRoomInVain() throws Exception {
        Holding other = budget.open("192.0.2.1", 0);
        assertThat(other.reserve(25 * MB)).isTrue();
        BodyAggregator aggregator = aggregator(4 * MB, 0);
        aggregator.start();
        aggregator.refused();
        input.arrive((int) MB);

        assertThat(receiver.kind()).isEqualTo(FailureKind.OVERLOADED);
        assertThat(receiver.calls).isOne();
    }

    @Test
    void refusesAtOnceWhatOneClientMayNeverHold() throws Exception {
        aggregator(30 * MB, 0).start();

        assertThat(receiver.kind()).isEqualTo(FailureKind.BODY_TOO_LARGE);
        assertThat(input.listener).isNull();
        assertThat(budget.held()).isZero();
    }

    @Test
    void refusesAnUnknownLengthThatGrowsBeyondIt() throws Exception {
        aggregator(-1, 0).start();
        while (receiver.calls == 0) {
            input.arrive((int) MB);
        }

        assertThat(receiver.kind()).isEqualTo(FailureKind.BODY_TOO_LARGE);
        assertThat(budget.held()).isLessThan(27 * MB);
        holding.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void hearsOfAClientThatBreaksOffWhileItWaitsForRoom() throws Exception {
        Holding other = budget.open("192.0.2.1", 0);
        assertThat(other.reserve(25 * MB)).isTrue();
        BodyAggregator aggregator = aggregator(4 * MB, 0);
        aggregator.start();
        input.listener.failed(new IOException("reset"));
        other.close();
        budget.serveWaiting(Runnable::run);

        assertThat(receiver.kind()).isEqualTo(FailureKind.CLIENT_GONE);
        assertThat(receiver.calls).isOne();
    }

    @Test
    void takesABodyThatIsShorterThanDeclaredForNone() throws Exception {
        aggregator(1000, 1000).start();
        input.arrive(999);
        input.end();

        assertThat(receiver.kind()).isEqualTo(FailureKind.CLIENT_GONE);
    }
}
