package io.plano.server;

import org.eclipse.jetty.http.HttpStatus;

/**
 * The body of errors that Jetty raises before the gateway sees the request: a bad request line, a head that is too
 * large. The status phrase and nothing else; a parser's own words could repeat what the client sent.
 */
final class ErrorBody {
    static final String MEDIA_TYPE = "application/json";

    private ErrorBody() {}

    static String of(int status) {
        String type = HttpStatus.isServerError(status) ? "server_error" : "invalid_request_error";
        return """
                {"error":{"message":"%s","type":"%s","code":null,"param":null}}""".formatted(HttpStatus.getMessage(status), type);
    }
}
