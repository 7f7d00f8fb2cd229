/**
 * Bytes of bodies, without servlets and without a client library: segments, the scan that finds {@code model} in JSON and
 * multipart, content coding, server-sent events. Uses {@code failure} only ({@code aircompressor} for zstd). Read {@link
 * io.plano.body.ByteSegments} first.
 */
@NullMarked
package io.plano.body;

import org.jspecify.annotations.NullMarked;
