package io.plano.snapshot;

import io.plano.budget.BudgetLimits;

/**
 * How much memory requests and answers may take: keys of {@code overrides}.
 *
 * @param budget {@code max_buffered_bytes}, by default a share of the maximum heap, and {@code
 *     max_buffered_bytes_per_client}, by default a quarter of it
 * @param maxJsonNodes values of every kind in a request that has to be translated; more get 400
 */
public record MemoryLimits(BudgetLimits budget, int maxJsonNodes) {
    public static final int DEFAULT_JSON_NODES = 500_000;

    /** For this machine's heap. */
    public static final MemoryLimits DEFAULT = new MemoryLimits(
            BudgetLimits.ofTotal(BudgetLimits.shareOf(Runtime.getRuntime().maxMemory())), DEFAULT_JSON_NODES);
}
