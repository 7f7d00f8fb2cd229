package io.plano.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.budget.BudgetLimits;
import io.plano.budget.MemoryBudget;
import io.plano.client.ScheduledContainer.End;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.http.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A provider may answer while the client still sends. A container that takes its request back while somebody reads it would
 * give the bytes of the next client to that reader, or those of this one to the next.
 */
class LastReaderTest {
    private final List<String> told = new ArrayList<>();
    private final ScheduledContainer container = new ScheduledContainer(Integer.MAX_VALUE, () -> {});
    private final ResponseBridge bridge = new ResponseBridge(
            container, container, null, new MemoryBudget(BudgetLimits.ofTotal(64 << 20)).open("192.0.2.1", 0));

    LastReaderTest() {
        ContainerNotices notices = new ContainerNotices(bridge, container, new ResponseOwner() {
            @Override
            public void closed(@Nullable GatewayException failure) {
                told.add("closed");
            }

            @Override
            public void withdrawn() {
                told.add("withdrawn");
            }
        });
        notices.begin();
        notices.writable();
    }

    private void answer() {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        bridge.commit(new ResponseHead(200, Headers.EMPTY, body.length, ResponseHead.Delivery.WHOLE));
        bridge.data(body);
        bridge.end();
    }

    @Test
    void theContainerGetsItsRequestBackWhenNobodyReadsItAnyMore() {
        SerialLoop reading = new SerialLoop(() -> {
            if (told.isEmpty()) {
                answer(); // as a provider does on another thread, in the middle of a read
                assertThat(container.body()).isEqualTo("{}");
                assertThat(container.end()).as("the read is not over").isEqualTo(End.OPEN);
                assertThat(bridge.handover().isOver()).isFalse();
                told.add("read");
            }
        });
        bridge.readBy(reading);
        reading.signal();
        assertThat(told).containsExactly("closed", "read");
        assertThat(container.end()).isEqualTo(End.WHOLE);
        assertThat(bridge.handover().isOver()).isTrue();
        assertThat(container.violations()).isEmpty();
    }

    @Test
    void nobodyReadsARequestThatIsTheContainersAgain() {
        List<String> reads = new ArrayList<>();
        SerialLoop reading = new SerialLoop(() -> reads.add("read"));
        bridge.readBy(reading);
        answer();
        assertThat(container.end()).isEqualTo(End.WHOLE);
        reading.signal(); // a callback that was on its way
        assertThat(reads).isEmpty();
    }
}
