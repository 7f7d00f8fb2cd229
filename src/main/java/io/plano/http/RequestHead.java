package io.plano.http;

import org.jspecify.annotations.Nullable;

/**
 * What came before the body. Servlet objects go no further than this.
 *
 * @param method as sent, case included
 * @param path the raw path below the context path, percent-encoding and all; starts with a slash
 * @param query the raw query, or null
 * @param headers all fields, without the credential slots
 * @param contentLength the declared length, or -1
 * @param body whether a body follows, of whatever length
 */
public record RequestHead(
        String method, String path, @Nullable String query, Headers headers, long contentLength, Body body) {
    /** Whether a body follows the head. */
    public enum Body {
        PRESENT,
        ABSENT
    }

    public boolean hasBody() {
        return body == Body.PRESENT;
    }

    /** Without the query: it may hold a credential that is yet to be refused (R31). */
    @Override
    public String toString() {
        return "RequestHead[" + method + " " + path + ", " + headers + "]";
    }
}
