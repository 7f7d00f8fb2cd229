/**
 * What {@code java -jar plano.war} starts: it makes a class path in memory out of the archive that it lies in. JDK only, and
 * the only classes at the root of the WAR. Read {@link io.plano.boot.Launcher} first.
 */
@NullMarked
package io.plano.boot;

import org.jspecify.annotations.NullMarked;
