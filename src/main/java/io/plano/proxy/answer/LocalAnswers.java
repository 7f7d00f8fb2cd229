package io.plano.proxy.answer;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.http.ResponseHead;
import io.plano.http.WholeAnswer;
import io.plano.provider.ApiDialect;
import io.plano.translate.ApiAnswers;
import io.plano.translate.messages.AnthropicAnswers;
import io.plano.translate.openai.OpenAiAnswers;

/** What the gateway answers itself: refusals, failures and empty answers, in the dialect of the client. */
public final class LocalAnswers {
    /** The gateway's name in {@code Proxy-Status} (RFC 9209 §2), the same for every instance. */
    private static final String PROXY_NAME = "plano";

    private static final ApiAnswers OPENAI = new OpenAiAnswers();
    private static final ApiAnswers ANTHROPIC = new AnthropicAnswers();

    private static final WholeAnswer OPENAI_LAST_RESORT =
            error(ApiDialect.OPENAI, GatewayException.NO_MEANS, "unknown");
    private static final WholeAnswer ANTHROPIC_LAST_RESORT =
            error(ApiDialect.ANTHROPIC, GatewayException.NO_MEANS, "unknown");

    private LocalAnswers() {}

    public static ApiAnswers in(ApiDialect dialect) {
        return switch (dialect) {
            case OPENAI -> OPENAI;
            case ANTHROPIC -> ANTHROPIC;
        };
    }

    /** The answer to a request that fails before any byte of an answer has gone out. */
    public static WholeAnswer error(ApiDialect dialect, GatewayException failure, String requestId) {
        FailureKind kind = failure.kind();
        Headers.Builder headers = Headers.builder();
        headers.add("Content-Type", "application/json");
        headers.add("x-request-id", requestId);
        headers.add("Proxy-Status", PROXY_NAME + "; error=" + kind.token());
        headers.add("Cache-Control", "no-store");
        switch (kind) {
            case UNAUTHENTICATED -> headers.add("WWW-Authenticate", "Bearer"); // RFC 9110 §15.5.2 wants one
            case OVERLOADED, NOT_READY -> headers.add("Retry-After", "1");
            case UPGRADE_REQUIRED -> headers.add("Upgrade", "HTTP/1.1"); // RFC 9110 §15.5.22
            case METHOD_NOT_ALLOWED -> headers.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
            default -> {}
        }
        return whole(kind.status(), headers.build(), in(dialect).error(failure, requestId));
    }

    /** The answer to a request that failed by a defect, made beforehand: it needs neither memory nor stack. */
    public static WholeAnswer lastResort(ApiDialect dialect) {
        return switch (dialect) {
            case OPENAI -> OPENAI_LAST_RESORT;
            case ANTHROPIC -> ANTHROPIC_LAST_RESORT;
        };
    }

    /** A JSON document. */
    public static WholeAnswer json(byte[] body, String requestId) {
        return whole(200, jsonHead(requestId).build(), body);
    }

    /** A JSON document with one more header. */
    public static WholeAnswer json(byte[] body, String requestId, String name, String value) {
        return whole(200, jsonHead(requestId).add(name, value).build(), body);
    }

    private static Headers.Builder jsonHead(String requestId) {
        return Headers.builder().add("Content-Type", "application/json").add("x-request-id", requestId);
    }

    /** A status without a body. */
    public static WholeAnswer empty(int status, Headers headers) {
        return whole(status, headers, new byte[0]);
    }

    private static WholeAnswer whole(int status, Headers headers, byte[] body) {
        return new WholeAnswer(new ResponseHead(status, headers, body.length, ResponseHead.Delivery.WHOLE), body);
    }
}
