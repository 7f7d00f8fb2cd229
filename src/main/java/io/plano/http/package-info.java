/**
 * HTTP values that know neither servlets nor a client library: headers and their rules, request targets, heads of requests
 * and answers. Uses {@code failure} only. Read {@link io.plano.http.Headers} first.
 */
@NullMarked
package io.plano.http;

import org.jspecify.annotations.NullMarked;
