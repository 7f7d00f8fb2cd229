package io.plano.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpStatus;

/**
 * The body of errors that Jetty raises before the gateway sees the request: a bad request line, a head that is too
 * large. The status phrase and nothing else; a parser's own words could repeat what the client sent.
 */
final class ErrorBody {
    static final String MEDIA_TYPE = "application/json";

    private ErrorBody() {}

    /** The whole answer to a client whose request did not come in time; nothing follows it (RFC 9110 §15.5.9). */
    static ByteBuffer requestTimeout() {
        String body = of(HttpStatus.REQUEST_TIMEOUT_408);
        String answer = "HTTP/1.1 408 Request Timeout\r\nContent-Type: " + MEDIA_TYPE + "\r\nContent-Length: "
                + body.length() + "\r\nConnection: close\r\n\r\n" + body;
        return ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII));
    }

    static String of(int status) {
        String type = HttpStatus.isServerError(status) ? "server_error" : "invalid_request_error";
        return """
                {"error":{"message":"%s","type":"%s","code":null,"param":null}}""".formatted(HttpStatus.getMessage(status), type);
    }
}
