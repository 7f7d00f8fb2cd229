package io.plano.integration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A situation that users have reported: a file of {@code src/test/resources/faults}, whose {@code SOURCES.md} says where
 * they come from.
 *
 * @param id the beginning of the file's name, {@code t01}
 * @param data what is in it
 */
record ReportedFault(String id, JsonNode data) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "Authorization: Bearer sk-client-REPORTED-1";

    /** Stands in a file for an answer that is too long to be written down. */
    private static final String GENERATED = "@GENERATE";

    static final int GENERATED_LENGTH = 4_195_304;

    /** The names of the files. */
    static List<String> names() {
        return List.of(text("INDEX").split("\n"));
    }

    static Stream<ReportedFault> all() {
        return names().stream().map(name -> new ReportedFault(name.substring(0, 3), json(text(name + ".json"))));
    }

    private static String text(String name) {
        try (InputStream in = ReportedFault.class.getResourceAsStream("/faults/" + name)) {
            if (in == null) {
                throw new IllegalStateException("no such file: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException malformed) {
            throw new UncheckedIOException(text, malformed);
        }
    }

    /** The configuration, with that provider in it. */
    String config(int upstreamPort) {
        String port = String.valueOf(upstreamPort);
        return data.path("config")
                .asText()
                .replace("@PORT@", "12000")
                .replace("@UP@", port)
                .replace("UPSTREAM", port);
    }

    String method() {
        return data.path("client_request").path("method").asText("POST");
    }

    String path() {
        return data.path("client_request").path("path").asText();
    }

    JsonNode body() {
        return data.path("client_request").path("body");
    }

    List<String> headerLines() {
        List<String> lines = new ArrayList<>();
        data.path("client_request").path("headers").properties().forEach(header -> {
            if (!header.getKey().equalsIgnoreCase("content-type")) {
                lines.add(header.getKey() + ": " + header.getValue().asText());
            }
        });
        return lines.isEmpty() ? List.of(KEY) : lines;
    }

    /** What the provider answers: what the file says, or else what fits the path. */
    Reply reply(UpstreamRequest request) {
        JsonNode reply = data.path("upstream_reply");
        if (reply.isTextual()) {
            String text = reply.textValue();
            return text.startsWith("{") ? Reply.json(200, text) : Reply.sse(text);
        } else if (!reply.isObject()) {
            return usual(request);
        }
        JsonNode body = reply.path("body");
        String text = body.isTextual() ? body.textValue() : body.toString();
        if (text.startsWith(GENERATED)) {
            text = WireApi.CHAT.whole().replace(WireApi.TEXT, "A".repeat(GENERATED_LENGTH));
        }
        return Reply.of(
                reply.path("status").asInt(200),
                reply.path("headers").path("content-type").asText("application/json"),
                text.getBytes(StandardCharsets.UTF_8));
    }

    private static Reply usual(UpstreamRequest request) {
        for (WireApi api : WireApi.values()) {
            if (request.requestLine().contains(api.path)) {
                return api.reply(request.bodyText());
            }
        }
        return Reply.json(200, "{\"object\":\"list\",\"data\":[]}");
    }

    @Override
    public String toString() {
        return id + ": " + data.path("title").asText();
    }
}
