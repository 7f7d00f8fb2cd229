package io.plano.upstream.http2;

import io.plano.http.Headers;

/**
 * The head of a request, as it would go out in HTTP/1.1 over TLS: {@code Host} becomes the {@code :authority}, and fields
 * that speak of the connection are left out.
 *
 * @param authority where {@code fields} name no {@code Host}
 * @param path path and query
 */
record StreamRequest(String method, String authority, String path, Headers fields) {}
