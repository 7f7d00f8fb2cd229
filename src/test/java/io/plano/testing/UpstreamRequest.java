package io.plano.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A request that the {@link FakeUpstream} received: its raw bytes and a view of them. The head is there from the start;
 * what needs the body waits for it (ten seconds at most), so a handler may look at the head alone. Any thread.
 */
public final class UpstreamRequest {
    /** Of a body longer than this only the length is kept. */
    static final int BODY_LIMIT = 64 << 20;

    private static final long BODY_WAIT_SECONDS = 10;

    private final int connection;
    private final int index;
    private final byte[] rawHead;
    private final MessageHead head;
    private final CompletableFuture<Content> content = new CompletableFuture<>();
    private final AtomicBoolean published = new AtomicBoolean();
    private volatile long bodyLengthSoFar;

    private record Content(byte[] raw, byte[] body, long length, boolean complete) {}

    UpstreamRequest(int connection, int index, byte[] rawHead) {
        this.connection = connection;
        this.index = index;
        this.rawHead = rawHead;
        this.head = MessageHead.parse(rawHead);
    }

    /** The number of its connection, counted from 0 in the order in which they were accepted. */
    public int connection() {
        return connection;
    }

    /** The number of the request on its connection, counted from 0. */
    public int index() {
        return index;
    }

    /** For example {@code POST /v1/messages HTTP/1.1}. */
    public String requestLine() {
        return head.startLine();
    }

    /** The first word of the request line. */
    public String method() {
        return requestLine().split(" ", 2)[0];
    }

    /** The second word of the request line, with its query. */
    public String target() {
        return requestLine().split(" ", 3)[1];
    }

    /** All header lines, in order and in their original case. */
    public List<HeaderLine> headerLines() {
        return head.headerLines();
    }

    /** The value of the first line of this name in any case, or null. */
    public @Nullable String header(String name) {
        return head.header(name);
    }

    /** The values of all lines of this name in any case. */
    public List<String> headers(String name) {
        return head.headers(name);
    }

    /** The head as received, with the empty line. */
    public String rawHead() {
        return new String(rawHead, StandardCharsets.ISO_8859_1);
    }

    /** Head and body as received, framing included (up to 16 MiB). */
    public byte[] rawBytes() {
        return content().raw;
    }

    /** The body without its framing (up to 64 MiB). */
    public byte[] body() {
        return content().body;
    }

    /** The body, read as UTF-8. */
    public String bodyText() {
        return new String(body(), StandardCharsets.UTF_8);
    }

    /** The length of the whole body without its framing, also where {@link #body()} keeps only its beginning. */
    public long bodyLength() {
        return content().length;
    }

    /** How much of the body has come by now, without its framing; does not wait. */
    public long bodyLengthSoFar() {
        return bodyLengthSoFar;
    }

    /** Whether the request arrived to its end; false when the peer left before. */
    public boolean isComplete() {
        return content().complete;
    }

    @Override
    public String toString() {
        return rawHead() + (content.isDone() ? bodyText() : "(body not yet received)");
    }

    MessageHead head() {
        return head;
    }

    boolean endsConnection() {
        return head.lists("Connection", "close") || requestLine().endsWith("HTTP/1.0");
    }

    /** True for the first caller only. */
    boolean publishOnce() {
        return published.compareAndSet(false, true);
    }

    void progressed(long length) {
        bodyLengthSoFar = length;
    }

    void received(byte[] raw, ByteArrayOutputStream body, long length) {
        content.complete(new Content(raw, body.toByteArray(), length, true));
    }

    void cut(byte[] raw, ByteArrayOutputStream body, long length) {
        content.complete(new Content(raw, body.toByteArray(), length, false));
    }

    boolean awaitComplete() throws InterruptedException {
        try {
            return content.get().complete;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Content content() {
        try {
            return content.get(BODY_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("the body did not arrive within " + BODY_WAIT_SECONDS + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the body", interrupted);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
