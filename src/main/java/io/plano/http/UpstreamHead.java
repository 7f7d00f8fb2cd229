package io.plano.http;

import org.jspecify.annotations.Nullable;

/**
 * What the gateway sets in the head of an upstream request, whatever the client sent.
 *
 * @param host the value of Host, or null where the transport sets it from the target's authority
 * @param contentLength the length of the upstream body in bytes, or {@link #UNDECLARED}
 * @param viaPseudonym the name under which the gateway appears in Via (RFC 9110 §7.6.3); no host name
 * @param bodyChange what became of the client's body
 * @param responseCoding what the upstream may answer in
 */
public record UpstreamHead(
        @Nullable String host,
        long contentLength,
        String viaPseudonym,
        BodyChange bodyChange,
        ResponseCoding responseCoding) {
    /**
     * No Content-Length: there is no body, or its length is not known and the transport frames it as the protocol of
     * its connection wants (chunks in HTTP/1.1).
     */
    public static final long UNDECLARED = -1;
}
