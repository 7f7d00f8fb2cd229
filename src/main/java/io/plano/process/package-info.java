/**
 * What the operating system gives this process: how many files and sockets it may have open, what that is shared out to, and
 * threads of its own. Uses the JDK only. Read {@link io.plano.process.DescriptorBudget} first.
 */
@NullMarked
package io.plano.process;

import org.jspecify.annotations.NullMarked;
