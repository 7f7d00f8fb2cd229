package io.plano.upstream.http2;

import io.plano.http.Headers;

/**
 * What a block of fields says.
 *
 * @param status {@link #NO_STATUS} in trailers
 */
record FieldBlock(int status, Headers fields) {
    static final int NO_STATUS = -1;
}
