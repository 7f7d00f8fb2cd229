package io.plano.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The stand-in provider's HTTP: paths, refusals, pace. Blocking, one thread for each answer in progress. */
final class StandInHandler extends Handler.Abstract {
    private static final Map<String, StandInDialect> DIALECTS = Map.of(
            "POST /v1/chat/completions", new StandInChat(),
            "POST /v1/completions", new StandInCompletions(),
            "POST /v1/responses", new StandInResponses(),
            "POST /v1/messages", new StandInMessages());

    private final Duration pace;

    /**
     * @param pace the time between two tokens
     */
    StandInHandler(Duration pace) {
        this.pace = pace;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            answer(request, response);
            callback.succeeded();
        } catch (IOException clientGone) {
            callback.failed(clientGone);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            callback.failed(stopped);
        }
        return true;
    }

    private void answer(Request request, Response response) throws IOException, InterruptedException {
        String body = Content.Source.asString(request, StandardCharsets.UTF_8);
        List<StandInCredential> credentials = StandInCredential.all(request.getHeaders());
        response.getHeaders().put(isAnthropic(request) ? "request-id" : "x-request-id", "req_" + UUID.randomUUID());
        if (credentials.isEmpty()) {
            refuse(request, response, StandInRefusal.UNAUTHENTICATED);
            return;
        }
        // Not every answer has a text to say it in.
        StandInCredential first = credentials.get(0);
        response.getHeaders().put("x-stand-in-credential", first.header() + " " + first.fingerprint());
        StandInCall call = StandInCall.of(body, credentials);
        String operation = operation(request);
        switch (operation) {
            case "GET /v1/models" ->
                json(response, isAnthropic(request) ? StandInModels.anthropic() : StandInModels.openAi());
            case "POST /v1/embeddings" -> json(response, StandInEmbeddings.json(call));
            case "POST /v1/messages/count_tokens" -> json(response, "{\"input_tokens\":" + call.inputTokens() + "}");
            default -> {
                StandInDialect dialect = DIALECTS.get(operation);
                if (dialect == null) {
                    refuse(request, response, StandInRefusal.NOT_FOUND);
                } else {
                    complete(dialect, call, response);
                }
            }
        }
    }

    private static String operation(Request request) {
        return request.getMethod() + " " + Request.getPathInContext(request);
    }

    private static boolean isAnthropic(Request request) {
        return Request.getPathInContext(request).startsWith("/v1/messages")
                || request.getHeaders().contains("anthropic-version");
    }

    private void complete(StandInDialect dialect, StandInCall call, Response response)
            throws IOException, InterruptedException {
        if (!call.isStream()) {
            pause(call.outputTokens());
            json(response, dialect.json(call));
            return;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream; charset=utf-8");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
        try (OutputStream out = Content.Sink.asOutputStream(response)) {
            for (StandInEvent event : dialect.events(call)) {
                pause(event.tokens());
                out.write(event.frame().getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        }
    }

    private void pause(int tokens) throws InterruptedException {
        Thread.sleep(pace.multipliedBy(tokens).toMillis());
    }

    private static void refuse(Request request, Response response, StandInRefusal refusal) throws IOException {
        response.setStatus(refusal.status());
        json(response, isAnthropic(request) ? refusal.anthropic() : refusal.openAi());
    }

    private static void json(Response response, String document) throws IOException {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        try (OutputStream out = Content.Sink.asOutputStream(response)) {
            out.write(bytes);
        }
    }
}
