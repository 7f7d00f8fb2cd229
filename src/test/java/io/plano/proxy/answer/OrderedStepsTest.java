package io.plano.proxy.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.budget.BudgetLimits;
import io.plano.budget.Holding;
import io.plano.budget.MemoryBudget;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.testing.CapturedLogs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Every order in which a worker, the budget and the end of the exchange can come. */
class OrderedStepsTest {
    private static final long MB = 1 << 20;

    private final MemoryBudget budget = new MemoryBudget(BudgetLimits.ofTotal(160 * MB));
    private final Holding holding = budget.open("192.0.2.1", 1000);
    private final Deque<Runnable> workers = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final List<GatewayException> failures = new ArrayList<>();
    private final OrderedSteps steps = new OrderedSteps(holding, workers::add, failures::add);

    private OrderedSteps.Step step(String name, long needs) {
        return new OrderedSteps.Step() {
            @Override
            public long needs() {
                return needs;
            }

            @Override
            public void take(long reserved) {
                told.add(name + " " + reserved);
            }
        };
    }

    private void work() {
        while (!workers.isEmpty()) {
            workers.remove().run();
        }
    }

    @Test
    void takesTheStepsInOrderOnAWorker() {
        steps.add(step("a", 0));
        steps.add(step("b", 100));
        assertThat(told).isEmpty();
        assertThat(workers).hasSize(1);
        work();
        steps.add(step("c", 0));
        work();

        assertThat(told).containsExactly("a 0", "b 100", "c 0");
        assertThat(budget.held()).isEqualTo(1100);
    }

    @Test
    void waitsForMemoryAndThenGoesOn() {
        Holding other = budget.open("192.0.2.1", 1000);
        assertThat(other.reserve(26 * MB)).isTrue();
        steps.add(step("a", 0));
        steps.add(step("b", 2 * MB));
        steps.add(step("c", 0));
        work();
        assertThat(told).containsExactly("a 0");

        steps.add(step("d", 0));
        work();
        other.close();
        budget.serveWaiting(workers::add);
        work();

        assertThat(told).containsExactly("a 0", "b " + 2 * MB, "c 0", "d 0");
        assertThat(failures).isEmpty();
    }

    @Test
    void refusesAtOnceWhatWillNeverFit() {
        steps.add(step("a", 100 * MB));
        work();

        assertThat(told).isEmpty();
        assertThat(failures).extracting(GatewayException::code).containsExactly("answer_too_large");
    }

    @Test
    void dropsWhatHasNotBegunWhenTheExchangeEnds() {
        steps.add(step("a", 0));
        holding.close();
        work();

        assertThat(told).isEmpty();
        assertThat(failures).isEmpty();
        assertThat(budget.held()).isZero();
    }

    @Test
    void keepsTheMemoryWhileAStepIsBusyThoughTheExchangeHasEnded() {
        steps.add(() -> {
            holding.close();
            told.add("held " + budget.held());
        });
        work();

        assertThat(told).containsExactly("held 1000");
        assertThat(budget.held()).isZero();
    }

    @Test
    void endsTheExchangeWhoseStepFailsWhateverIsThrown() {
        try (CapturedLogs logs = CapturedLogs.start()) {
            steps.add(() -> {
                throw new OutOfMemoryError("as if");
            });
            steps.add(step("b", 0));
            work();
            assertThat(logs.entries()).isNotEmpty();
        }
        assertThat(told).isEmpty();
        assertThat(failures).extracting(GatewayException::kind).containsExactly(FailureKind.INTERNAL);
        holding.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void refusesWhereNoWorkerTakesIt() {
        OrderedSteps refused = new OrderedSteps(
                holding,
                task -> {
                    throw new RejectedExecutionException();
                },
                failures::add);
        refused.add(step("a", 0));

        assertThat(failures).extracting(GatewayException::kind).containsExactly(FailureKind.OVERLOADED);
    }
}
