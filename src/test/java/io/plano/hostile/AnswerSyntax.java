package io.plano.hostile;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers as strictly as RFC 9112 allows: each is well-formed to its end, or its connection goes down before. Not a
 * client: it says what is wrong by an {@link AssertionError}. One thread.
 */
final class AnswerSyntax {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] [1-5][0-9][0-9] [\\t -~\\x80-\\xff]*");
    /** A value may hold other control characters than these three (RFC 9110 section 5.5). */
    private static final Pattern FIELD = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]+:[^\\r\\n\\x00]*");

    private static final int MOST_BYTES = 8 << 20;

    private final InputStream in;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    AnswerSyntax(InputStream in) {
        this.in = new BufferedInputStream(in, 8 << 10);
    }

    /** One answer, interim ones before it included. */
    record Answer(int status, List<String> fields, String body) {
        @Nullable
        String field(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return fields.stream()
                    .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(field -> field.substring(start.length()).strip())
                    .findFirst()
                    .orElse(null);
        }
    }

    /** The connection went down before an answer was whole. */
    private static final class Cut extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * The next answer; null where there is none, since the connection was closed or reset before, or in the middle of it.
     *
     * @param hasBody false for an answer to HEAD
     */
    @Nullable
    Answer next(boolean hasBody) throws SocketTimeoutException {
        try {
            return read(hasBody);
        } catch (SocketTimeoutException hangs) {
            throw hangs;
        } catch (SocketException | Cut closed) {
            return null;
        } catch (IOException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private Answer read(boolean hasBody) throws IOException {
        String statusLine = line();
        require(STATUS_LINE.matcher(statusLine).matches(), "a status line", statusLine);
        int status = Integer.parseInt(statusLine.substring(9, 12));
        List<String> fields = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            require(FIELD.matcher(line).matches(), "a header field", line);
            fields.add(line);
        }
        if (status < 200 && status != 101) {
            return read(hasBody);
        }
        body.reset();
        Answer head = new Answer(status, fields, "");
        if (hasBody && status != 204 && status != 304) {
            readBody(head);
        }
        return new Answer(status, fields, body.toString(StandardCharsets.ISO_8859_1));
    }

    private void readBody(Answer head) throws IOException {
        String coding = head.field("Transfer-Encoding");
        String length = head.field("Content-Length");
        require(coding == null || length == null, "one framing", head.toString());
        if (coding != null) {
            require(coding.equals("chunked"), "chunks", coding);
            readChunks();
        } else if (length != null) {
            require(length.matches("[0-9]{1,9}"), "a length", length);
            take(Integer.parseInt(length));
        } else {
            readToEnd();
        }
    }

    private void readChunks() throws IOException {
        while (true) {
            String size = line();
            require(size.matches("[0-9A-Fa-f]{1,7}"), "the size of a chunk", size);
            int bytes = Integer.parseInt(size, 16);
            if (bytes == 0) {
                break;
            }
            take(bytes);
            String end = line();
            require(end.isEmpty(), "the end of a chunk", end);
        }
        for (String line = line(); !line.isEmpty(); line = line()) {
            require(FIELD.matcher(line).matches(), "a trailer field", line);
        }
    }

    private void readToEnd() throws IOException {
        byte[] buffer = new byte[8 << 10];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            body.write(buffer, 0, count);
        }
    }

    private void take(int bytes) throws IOException {
        require(body.size() + bytes <= MOST_BYTES, "a body of a size that was asked for", bytes + " bytes more");
        byte[] read = in.readNBytes(bytes);
        body.write(read, 0, read.length);
        if (read.length < bytes) {
            throw new Cut();
        }
    }

    /** Up to CR LF, without them. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder(80);
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new Cut();
            }
            if (c == '\r') {
                int next = in.read();
                if (next < 0) {
                    throw new Cut();
                }
                require(next == '\n', "LF behind CR", line.toString());
                return line.toString();
            }
            require(c != '\n', "CR before LF", line.toString());
            line.append((char) c);
        }
    }

    private static void require(boolean holds, String what, String found) {
        if (!holds) {
            throw new AssertionError("not " + what + ": " + found);
        }
    }
}
