/**
 * Which provider serves a request: pure functions of a snapshot and of what the client asked. Read {@link
 * io.plano.route.Router} first.
 */
@NullMarked
package io.plano.route;

import org.jspecify.annotations.NullMarked;
