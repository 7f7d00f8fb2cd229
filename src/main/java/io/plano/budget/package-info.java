/**
 * How much memory exchanges may hold together, and who holds it. Uses {@code failure} and the JDK. Read {@link
 * io.plano.budget.MemoryBudget} first, then {@link io.plano.budget.Holding}.
 */
@NullMarked
package io.plano.budget;

import org.jspecify.annotations.NullMarked;
