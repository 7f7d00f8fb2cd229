/**
 * What the operating system allows this process: how many files and sockets it may have open, and what that is shared
 * out to. Uses the JDK only. Read {@link io.plano.process.DescriptorBudget} first.
 */
@NullMarked
package io.plano.process;

import org.jspecify.annotations.NullMarked;
