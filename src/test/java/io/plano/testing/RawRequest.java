package io.plano.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds one request of a {@link RawClient} and writes it literally: duplicate lines, odd case, invalid names and
 * values go out as given. Only {@code Host}, and {@code Content-Length} for a {@link #body}, are added when no line of
 * that name was given. One thread.
 */
public final class RawRequest {
    private final RawClient client;
    private final String method;
    private final String path;
    private final List<String> lines = new ArrayList<>();
    private final List<byte[]> chunks = new ArrayList<>();
    private byte @Nullable [] body;
    private String version = "HTTP/1.1";
    private boolean host = true;

    RawRequest(RawClient client, String method, String path) {
        this.client = client;
        this.method = method;
        this.path = path;
    }

    /** Adds a header line. */
    public RawRequest header(String name, String value) {
        return line(name + ": " + value);
    }

    /** Adds a header line exactly as given, colon or not. */
    public RawRequest line(String line) {
        lines.add(line);
        return this;
    }

    /** Leaves {@code Host} out. */
    public RawRequest withoutHost() {
        host = false;
        return this;
    }

    /** Says another version than {@code HTTP/1.1}. */
    public RawRequest version(String newVersion) {
        version = newVersion;
        return this;
    }

    /** A body with {@code Content-Length}. */
    public RawRequest body(byte[] newBody) {
        body = newBody.clone();
        return this;
    }

    /** A body with {@code Content-Length}, as UTF-8. */
    public RawRequest body(String newBody) {
        return body(newBody.getBytes(StandardCharsets.UTF_8));
    }

    /** A JSON body with its {@code Content-Type}. */
    public RawRequest json(String newBody) {
        return header("Content-Type", "application/json").body(newBody);
    }

    /** A chunked body, one chunk for each of these texts, and the final chunk. */
    public RawRequest chunkedBody(String... texts) {
        header("Transfer-Encoding", "chunked");
        for (String text : texts) {
            chunks.add(RawClient.chunk(text.getBytes(StandardCharsets.UTF_8)));
        }
        chunks.add(RawClient.lastChunk());
        return this;
    }

    /** Writes head and body. */
    public RawClient send() {
        client.expectAnswerTo(method);
        return client.send(bytes());
    }

    /** Writes the head alone, with the length of the body if there is one; send the body with {@link RawClient#send}. */
    public RawClient sendHead() {
        client.expectAnswerTo(method);
        return client.send(head());
    }

    /** Writes head and body and reads the head of the response. */
    public RawResponse exchange() {
        return send().readResponse();
    }

    /** What {@link #send} writes. */
    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head());
        if (body != null) {
            bytes.writeBytes(body);
        }
        chunks.forEach(bytes::writeBytes);
        return bytes.toByteArray();
    }

    private byte[] head() {
        StringBuilder head = new StringBuilder(method + " " + path + " " + version + "\r\n");
        if (host && lacks("Host")) {
            head.append("Host: 127.0.0.1:").append(client.port()).append("\r\n");
        }
        for (String line : lines) {
            head.append(line).append("\r\n");
        }
        if (body != null && lacks("Content-Length") && lacks("Transfer-Encoding")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private boolean lacks(String name) {
        return lines.stream().map(HeaderLine::parse).noneMatch(line -> line.isNamed(name));
    }
}
