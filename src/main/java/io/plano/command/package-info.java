/**
 * {@code java -jar plano.war}: the command line. Read {@link io.plano.command.Main} first.
 */
@NullMarked
package io.plano.command;

import org.jspecify.annotations.NullMarked;
