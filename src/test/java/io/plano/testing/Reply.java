package io.plano.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The script of one answer of the {@link FakeUpstream}: what is written, where it waits, how it ends. Everything goes
 * out literally and in the order in which it was added; the factories give the well-formed cases. After the last step
 * the connection is kept for the next request, unless a head or the request said {@code Connection: close}. Build it in
 * one thread; once handed over it may serve many requests at once and must not be changed.
 */
public final class Reply {
    /** One step of the script, played on the connection's script thread. */
    @FunctionalInterface
    interface Step {
        void play(ReplyWire wire) throws IOException, InterruptedException;
    }

    private final List<Step> steps = new ArrayList<>();
    private final TreeMap<Long, Step> marks = new TreeMap<>();
    private List<String> lastHead = new ArrayList<>();
    private boolean endsConnection;
    private boolean early;
    private int pieceLength = Integer.MAX_VALUE;

    private Reply() {}

    /** An empty script. */
    public static Reply script() {
        return new Reply();
    }

    /** A complete answer with {@code Content-Length}. */
    public static Reply of(int status, String contentType, byte[] body) {
        return script().head(status, "Content-Type: " + contentType, "Content-Length: " + body.length)
                .bytes(body);
    }

    /** A complete JSON answer. */
    public static Reply json(int status, String body) {
        return of(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    /** The head of a chunked event stream; add {@link #chunk} and {@link #lastChunk}. */
    public static Reply stream() {
        return script().head(200, "Content-Type: text/event-stream", "Transfer-Encoding: chunked");
    }

    /** A complete event stream, one chunk for each of these texts. */
    public static Reply sse(String... events) {
        Reply reply = stream();
        for (String event : events) {
            reply.chunk(event);
        }
        return reply.lastChunk();
    }

    /** Bytes that are no HTTP. */
    public static Reply garbage(String text) {
        return script().bytes(text);
    }

    /** Writes a status line and these header lines ({@code Name: value}), nothing else. */
    public Reply head(int status, String... headerLines) {
        List<String> head = new ArrayList<>(List.of("HTTP/1.1 " + status + " " + reason(status)));
        head.addAll(List.of(headerLines));
        lastHead = head;
        for (String line : headerLines) {
            noteEnd(HeaderLine.parse(line));
        }
        steps.add(wire -> wire.write(latin1(String.join("\r\n", head) + "\r\n\r\n")));
        return this;
    }

    /** Adds a header line to the head that was added last. */
    public Reply header(String name, String value) {
        lastHead.add(name + ": " + value);
        noteEnd(new HeaderLine(name, value));
        return this;
    }

    /** Writes an interim response; it goes before the head when it is added before it. */
    public Reply interim(int status, String... headerLines) {
        StringBuilder interim = new StringBuilder("HTTP/1.1 " + status + " " + reason(status) + "\r\n");
        for (String line : headerLines) {
            interim.append(line).append("\r\n");
        }
        return bytes(interim.append("\r\n").toString());
    }

    /** Writes exactly these bytes. */
    public Reply bytes(byte[] bytes) {
        byte[] copy = bytes.clone();
        steps.add(wire -> wire.write(copy));
        return this;
    }

    /** Writes exactly this text, as UTF-8. */
    public Reply bytes(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes one chunk. */
    public Reply chunk(String text) {
        return chunk(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes one chunk. */
    public Reply chunk(byte[] data) {
        return bytes(framed(data));
    }

    /** Writes the final chunk, with these trailer lines. */
    public Reply lastChunk(String... trailerLines) {
        StringBuilder last = new StringBuilder("0\r\n");
        for (String line : trailerLines) {
            last.append(line).append("\r\n");
        }
        return bytes(last.append("\r\n").toString());
    }

    /** Waits until the test opens the gate, or the connection ends. */
    public Reply waitFor(Gate gate) {
        steps.add(wire -> gate.pass());
        return this;
    }

    /** Waits until the connection ends. */
    public Reply stall() {
        steps.add(ReplyWire::stall);
        return this;
    }

    /** Sends FIN; goes on reading, so that the peer's own end is seen. */
    public Reply close() {
        steps.add(ReplyWire::close);
        return this;
    }

    /** Sends RST. */
    public Reply reset() {
        steps.add(ReplyWire::reset);
        return this;
    }

    /** Writes these bytes again and again, as fast as the socket takes them, until the connection ends. */
    public Reply endless(byte[] bytes) {
        byte[] copy = bytes.clone();
        steps.add(wire -> {
            while (!wire.isOver()) {
                wire.write(copy);
            }
        });
        return this;
    }

    /** Writes chunks of this data as {@link #endless} does. */
    public Reply endlessChunks(byte[] data) {
        return endless(framed(data));
    }

    /** Each write to the socket carries at most this many bytes; 1 is byte by byte. */
    public Reply inPiecesOf(int bytes) {
        pieceLength = bytes;
        return this;
    }

    /** Sends FIN after so many bytes of this reply, wherever that is; 0 is before the head. */
    public Reply closeAfter(long bytes) {
        marks.put(bytes, ReplyWire::close);
        return this;
    }

    /** Sends RST after so many bytes of this reply. */
    public Reply resetAfter(long bytes) {
        marks.put(bytes, ReplyWire::reset);
        return this;
    }

    /** Writes so many bytes of this reply and then waits until the connection ends. */
    public Reply stallAfter(long bytes) {
        marks.put(bytes, ReplyWire::stall);
        return this;
    }

    /** Writes so many bytes of this reply and then waits for the gate. */
    public Reply waitAfter(long bytes, Gate gate) {
        marks.put(bytes, wire -> gate.pass());
        return this;
    }

    /** Answers as soon as the head of the request is there, whatever comes of its body. */
    public Reply beforeRequestBody() {
        early = true;
        return this;
    }

    boolean isEarly() {
        return early;
    }

    boolean endsConnection() {
        return endsConnection;
    }

    int pieceLength() {
        return pieceLength;
    }

    Map<Long, Step> marks() {
        return marks;
    }

    List<Step> steps() {
        return steps;
    }

    private void noteEnd(HeaderLine line) {
        endsConnection |= line.isNamed("Connection") && line.value().equalsIgnoreCase("close");
    }

    private static byte[] framed(byte[] data) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes(latin1(Integer.toHexString(data.length) + "\r\n"));
        chunk.writeBytes(data);
        chunk.writeBytes(latin1("\r\n"));
        return chunk.toByteArray();
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String reason(int status) {
        return switch (status) {
            case 100 -> "Continue";
            case 103 -> "Early Hints";
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> "Status";
        };
    }
}
