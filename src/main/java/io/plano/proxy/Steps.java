package io.plano.proxy;

import io.plano.budget.MemoryBudget;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.proxy.answer.Refusals;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs the steps of exchanges: where they are, on a worker, or as soon as there is memory for them. Whatever a step throws
 * ends its own exchange, with an answer where one can still be given. Safe for every thread; one exchange runs one step at a
 * time, and each step is the last thing that the one before does.
 *
 * <p>An exchange may end while a step is on a worker. Its memory then stays reserved until the step is out, and a step that
 * has not begun does not begin.
 */
final class Steps {
    private final Executor workers;

    Steps(Executor workers) {
        this.workers = workers;
    }

    /** Runs the step on a worker. */
    void onWorker(Exchange exchange, Step step) {
        try {
            workers.execute(() -> work(exchange, step));
        } catch (RejectedExecutionException full) {
            exchange.end(Refusals.busy());
        }
    }

    private static void work(Exchange exchange, Step step) {
        if (!exchange.holding().enter()) {
            return;
        }
        try {
            exchange.guarded(step);
        } finally {
            exchange.holding().leave();
        }
    }

    /**
     * Runs the step once so much is reserved for it: here where it fits, and otherwise later on a worker.
     *
     * @throws GatewayException where it never will
     */
    void afterReserving(Exchange exchange, long bytes, Step step) throws IOException {
        if (exchange.holding().reserve(bytes)) {
            step.take();
        } else if (!exchange.holding().canEverReserve(exchange.holding().held() + bytes)) {
            throw GatewayException.coded(
                    FailureKind.BODY_TOO_LARGE,
                    "request_too_large",
                    "To translate this request takes more memory than this gateway may use for one client.");
        } else {
            exchange.holding().await(bytes, new MemoryBudget.Waiter() {
                @Override
                public void granted() {
                    work(exchange, step); // called on a worker
                }

                @Override
                public void refused() {
                    exchange.end(Refusals.outOfMemory());
                }
            });
        }
    }

    /** Goes on with a value: here if it is known, and otherwise on the thread that makes it known. */
    <T> void after(Exchange exchange, CompletionStage<T> stage, Step.With<T> next) throws IOException {
        CompletableFuture<T> future = stage.toCompletableFuture();
        if (future.isDone()) {
            next.take(valueOf(future));
            return;
        }
        CompletableFuture<T> unused =
                future.whenComplete((value, failure) -> work(exchange, () -> next.take(valueOf(future))));
    }

    private static <T> T valueOf(CompletableFuture<T> known) {
        try {
            return known.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof GatewayException refusal) {
                throw refusal;
            }
            throw e;
        }
    }
}
