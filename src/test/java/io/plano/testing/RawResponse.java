package io.plano.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A response of which the head has come and the body comes as it is asked for. After a read that found nothing in time
 * the next one goes on where it stopped. One thread.
 */
public final class RawResponse {
    private final RawClient client;
    private final MessageHead head;
    private final List<MessageHead> interim;
    private final BodyReader body;
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[16 << 10];
    private @Nullable ResponseEnd end;

    RawResponse(RawClient client, MessageHead head, List<MessageHead> interim, BodyReader body) {
        this.client = client;
        this.head = head;
        this.interim = interim;
        this.body = body;
    }

    /** The status code. */
    public int status() {
        return status(head);
    }

    /** The whole status line. */
    public String statusLine() {
        return head.startLine();
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

    /** The status codes of the interim responses that came first. */
    public List<Integer> interimStatuses() {
        return interim.stream().map(RawResponse::status).toList();
    }

    /** The next server-sent event, within the client's patience; empty when the body ended (see {@link #end()}). */
    public Optional<SseEvent> readEvent() {
        return readEvent(client.patience());
    }

    /** The next server-sent event, within this time; empty when the body ended (see {@link #end()}). */
    public Optional<SseEvent> readEvent(Duration within) {
        client.expectWithin(within);
        int length = eventLength();
        while (length < 0 && fetch(within)) {
            length = eventLength();
        }
        return length < 0 ? Optional.empty() : Optional.of(new SseEvent(text(take(length))));
    }

    /** Whether nothing of the body arrives for so long; what does arrive is kept for the next read. */
    public boolean isSilentFor(Duration time) {
        client.expectWithin(time);
        try {
            int before = unread.size();
            fetchOrTimeOut();
            return unread.size() == before && end == null;
        } catch (SocketTimeoutException silent) {
            return true;
        }
    }

    /** At least so many bytes of the body, or all that came before its end; they stay to be read again. */
    public byte[] awaitBytes(int bytes) {
        client.expectWithin(client.patience());
        while (unread.size() < bytes && fetch(client.patience())) {}
        return unread.toByteArray();
    }

    /** The rest of the body, to its end, clean or not. */
    public byte[] readBody() {
        client.expectWithin(client.patience());
        while (fetch(client.patience())) {}
        return take(unread.size());
    }

    /** The rest of the body, read as UTF-8. */
    public String bodyText() {
        return text(readBody());
    }

    /** Reads the rest of the body without keeping it, each read within the client's patience; gives its length. */
    public long discardBody() {
        long length = take(unread.size()).length;
        client.expectWithin(client.patience());
        while (fetch(client.patience())) {
            length += take(unread.size()).length;
            client.expectWithin(client.patience());
        }
        return length;
    }

    /** How the body ended; reads and keeps what is left of it. */
    public ResponseEnd end() {
        client.expectWithin(client.patience());
        while (fetch(client.patience())) {}
        if (end == null) {
            throw new IllegalStateException("the body has not ended");
        }
        return end;
    }

    /** The trailer lines of a chunked body that ended. */
    public List<HeaderLine> trailers() {
        return body.trailers();
    }

    @Override
    public String toString() {
        return head + "\n" + text(unread.toByteArray());
    }

    static int status(MessageHead head) {
        return Integer.parseInt(head.startLine().split(" ", 3)[1]);
    }

    static boolean isInterim(MessageHead head) {
        int status = status(head);
        return status >= 100 && status < 200 && status != 101;
    }

    /** Reads what is there; false when the body has ended. */
    private boolean fetch(Duration within) {
        try {
            return fetchOrTimeOut();
        } catch (SocketTimeoutException late) {
            throw new AssertionError("not within " + within + "; unread so far: " + text(unread.toByteArray()), late);
        }
    }

    private boolean fetchOrTimeOut() throws SocketTimeoutException {
        if (end != null) {
            return false;
        }
        try {
            int length = body.read(buffer);
            if (length >= 0) {
                unread.write(buffer, 0, length);
                return true;
            }
            end = ResponseEnd.CLEAN;
        } catch (SocketTimeoutException late) {
            throw late;
        } catch (IOException cut) {
            end = ResponseEnd.TRUNCATED;
        }
        return false;
    }

    /** The length of the first whole event among the unread bytes, or -1. */
    private int eventLength() {
        byte[] bytes = unread.toByteArray();
        boolean lineIsEmpty = false;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\r' && i + 1 < bytes.length && bytes[i + 1] == '\n') {
                continue;
            }
            boolean lineEnd = bytes[i] == '\n' || bytes[i] == '\r';
            if (lineEnd && lineIsEmpty) {
                return i + 1;
            }
            lineIsEmpty = lineEnd;
        }
        return -1;
    }

    private byte[] take(int length) {
        byte[] bytes = unread.toByteArray();
        unread.reset();
        unread.write(bytes, length, bytes.length - length);
        return Arrays.copyOf(bytes, length);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
