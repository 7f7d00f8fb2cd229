package io.plano.failure;

/**
 * Every way in which an exchange can fail, with the status that the client sees and the token of RFC 9209 §2.3 that
 * goes to {@code Proxy-Status} and the access log.
 */
public enum FailureKind {
    /** The request is malformed or contradicts itself. */
    INVALID_REQUEST(400, "http_request_error"),
    /** The request is well-formed, but asks for what the chosen provider cannot do. */
    UNSUPPORTED_FEATURE(400, "http_request_error"),
    /** The client brought no credential, or none that the provider's row accepts. */
    UNAUTHENTICATED(401, "http_request_denied"),
    /** The client may not do this, whatever it brings. */
    FORBIDDEN(403, "http_request_denied"),
    /** No provider serves the model that the client names. */
    MODEL_NOT_FOUND(404, "destination_not_found"),
    /** The path is not one that the gateway serves. */
    NOT_FOUND(404, "destination_not_found"),
    /** The path exists, the method does not. */
    METHOD_NOT_ALLOWED(405, "http_request_error"),
    /** The body exceeds what the gateway may hold to inspect it. */
    BODY_TOO_LARGE(413, "http_request_error"),
    /** The body is in a content coding that the gateway cannot decode. */
    UNSUPPORTED_ENCODING(415, "http_request_error"),
    /** The client asks for a protocol that is not served here; it is expected to go on without. */
    UPGRADE_REQUIRED(426, "http_request_error"),
    /** The head of the request exceeds a limit (RFC 6585 §5). */
    HEADERS_TOO_LARGE(431, "http_request_error"),
    /** The body is in a transfer coding other than chunked (RFC 9112 §6.1). */
    UNSUPPORTED_TRANSFER_CODING(501, "http_request_error"),
    /** The request came back to the gateway that sent it (RFC 5842 §7.2). */
    LOOP_DETECTED(508, "proxy_loop_detected"),
    /** The gateway's own limit is reached. */
    OVERLOADED(503, "connection_limit_reached"),
    /** No valid configuration is loaded. */
    NOT_READY(503, "proxy_configuration_error"),
    /** The provider's name did not resolve, or not to an address that is allowed. */
    UPSTREAM_NAME_UNRESOLVED(502, "dns_error"),
    /** The provider refused or dropped the connection. */
    UPSTREAM_UNREACHABLE(502, "connection_refused"),
    /** The egress proxy refused to connect to the provider, or could not (RFC 9209 §2.3.2). */
    EGRESS_REFUSED(502, "destination_unavailable"),
    /** The TLS handshake with the provider failed. */
    UPSTREAM_TLS(502, "tls_protocol_error"),
    /** No connection to the provider within the time allowed. */
    UPSTREAM_CONNECT_TIMEOUT(504, "connection_timeout"),
    /** No answer from the provider, or silence in the middle of one, for longer than allowed. */
    UPSTREAM_TIMEOUT(504, "http_response_timeout"),
    /** The provider answered with something that is not HTTP. */
    UPSTREAM_PROTOCOL(502, "http_protocol_error"),
    /** The provider's answer ended before it was complete. */
    UPSTREAM_TRUNCATED(502, "http_response_incomplete"),
    /** The provider said in the middle of its answer that it cannot go on. */
    UPSTREAM_REJECTED(502, "http_response_incomplete"),
    /** The client went away. Nobody is left to read a status; 499 is what access logs commonly show. */
    CLIENT_GONE(499, "-"),
    /** A defect of the gateway itself. */
    INTERNAL(500, "proxy_internal_error");

    private final int status;
    private final String token;

    FailureKind(int status, String token) {
        this.status = status;
        this.token = token;
    }

    /** The HTTP status for the client, where one can still be sent. */
    public int status() {
        return status;
    }

    /** The proxy error type of RFC 9209 §2.3, or {@code -} where that list has none. */
    public String token() {
        return token;
    }
}
