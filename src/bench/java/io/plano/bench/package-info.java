/** What the benchmarks share. */
@org.jspecify.annotations.NullMarked
package io.plano.bench;
