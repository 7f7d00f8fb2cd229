/**
 * How the events of a stream lie in bytes, apart from what they say: server-sent events today. A codec knows the events of
 * its format and sees of a framing what is in here; which one an answer comes in, and goes out in, is chosen above it, so
 * that the same format can cross the wire in another framing (Claude's events in AWS's binary event stream, say). Uses {@code
 * body}. Read {@link io.plano.translate.framing.Framing} first.
 */
@NullMarked
package io.plano.translate.framing;

import org.jspecify.annotations.NullMarked;
