package io.plano.proxy.answer;

import io.plano.budget.Holding;
import io.plano.budget.MemoryBudget;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.failure.Guard;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of one answer, one at a time and in their order, on workers, each as soon as memory is reserved for it. Whoever
 * owns it does the first ones itself, and once it {@linkplain #add hands one over} hands over all that follow. What is handed
 * over is bounded by the flow-control window, since credit is given by the steps themselves.
 *
 * <p>Where the exchange ends, what has not begun is dropped; what has, finishes before its memory is given back.
 */
final class OrderedSteps {
    private static final Logger log = LoggerFactory.getLogger(OrderedSteps.class);

    /** One step. */
    interface Step {
        /** How many bytes more have to be reserved before it. Asked once the step before is done. */
        long needs();

        /**
         * Does it.
         *
         * @param reserved what was reserved for it
         */
        void take(long reserved);
    }

    private final Holding holding;
    private final Executor workers;
    private final Consumer<GatewayException> onFailure;
    private final Queue<Step> steps = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private boolean begun;

    /**
     * @param onFailure hears, in the place of the steps that are left, why none of them will be done
     */
    OrderedSteps(Holding holding, Executor workers, Consumer<GatewayException> onFailure) {
        this.holding = holding;
        this.workers = workers;
        this.onFailure = onFailure;
    }

    /** Whether one was handed over, so that all others have to be. For the owner's thread. */
    boolean hasBegun() {
        return begun;
    }

    /** Hands a step over. The owner's thread. */
    void add(Step step) {
        begun = true;
        steps.add(step);
        if (waiting.getAndIncrement() == 0) {
            schedule();
        }
    }

    /** As {@link #add(Step)}, for what needs no memory. */
    void add(Runnable step) {
        add(new Step() {
            @Override
            public long needs() {
                return 0;
            }

            @Override
            public void take(long reserved) {
                step.run();
            }
        });
    }

    private void schedule() {
        try {
            workers.execute(() -> work(null));
        } catch (RejectedExecutionException full) {
            onFailure.accept(Refusals.busy());
        }
    }

    /** @param granted what has been reserved for the first step; null where it has not been asked */
    private void work(@Nullable Long granted) {
        if (!holding.enter()) {
            return;
        }
        try {
            Long reserved = granted;
            do {
                Step step = steps.element();
                long needs = reserved != null ? reserved : step.needs();
                if (reserved == null && !holding.reserve(needs)) {
                    waitFor(needs);
                    return;
                }
                reserved = null;
                steps.remove();
                step.take(needs);
            } while (waiting.decrementAndGet() > 0);
        } catch (Throwable fatal) { // no later step is ever done, and the worker goes on with those of others
            Guard.quietly(() -> Causes.report(log, "a step of an answer failed by a defect of the gateway", fatal));
            onFailure.accept(GatewayException.internal(fatal));
        } finally {
            holding.leave();
        }
    }

    private void waitFor(long bytes) {
        if (!holding.canEverReserve(holding.held() + bytes)) {
            onFailure.accept(GatewayException.coded(
                    FailureKind.OVERLOADED,
                    "answer_too_large",
                    "To translate this answer takes more memory than this gateway may use for one client."));
            return;
        }
        holding.await(bytes, new MemoryBudget.Waiter() {
            @Override
            public void granted() {
                work(bytes);
            }

            @Override
            public void refused() {
                onFailure.accept(Refusals.outOfMemory());
            }
        });
    }
}
