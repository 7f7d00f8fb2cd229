/**
 * HTTP values and byte-level algorithms that know neither servlets nor a client library: headers and their rules, the
 * scan that finds {@code model} in a body, content decoding. Layer 1; uses the JDK and {@code failure} only ({@code
 * aircompressor} for zstd). Read {@link io.plano.http.Headers} first.
 */
@NullMarked
package io.plano.http;

import org.jspecify.annotations.NullMarked;
