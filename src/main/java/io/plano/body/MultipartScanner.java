package io.plano.body;

import io.plano.body.MultipartScan.Delimiter;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a multipart body (RFC 2046 §5.1). Used once, by one thread. A delimiter starts with the only CR in it,
 * so candidates never overlap and the search is linear whatever boundary a client picks.
 */
final class MultipartScanner {
    private static final int MAX_BOUNDARY = 70;
    private static final int MAX_PART_HEAD_BYTES = 16 * 1024;
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] DASHES = {'-', '-'};

    private final ByteSegments body;
    private final String boundary;
    private final byte[] delimiter;
    private @Nullable String model;
    private long modelStart = -1;
    private long modelEnd = -1;
    private boolean stream;

    /** Start of the part after the delimiter found last. */
    private long partStart;

    private boolean closed;

    MultipartScanner(ByteSegments body, @Nullable String contentType) {
        this.body = body;
        this.boundary = boundary(contentType);
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String boundary(@Nullable String contentType) {
        Map<String, String> parameters = contentType == null ? null : FieldParameters.parse(contentType);
        String boundary = parameters == null ? null : parameters.get("boundary");
        if (boundary == null || !isBoundary(boundary)) {
            throw invalid("its Content-Type names no valid boundary");
        }
        return boundary;
    }

    private static boolean isBoundary(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7e || c == '\\') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MAX_BOUNDARY && !text.endsWith(" ");
    }

    MultipartScan scan() {
        boolean atOnce = body.matches(0, withoutLineEnd(delimiter)) && endDelimiter(delimiter.length - LINE_END.length);
        long first = atOnce ? 0 : nextDelimiter(0) + LINE_END.length;
        while (!closed) {
            PartHead head = readHead();
            long contentEnd = nextDelimiter(head.contentStart());
            take(head, contentEnd);
        }
        return new MultipartScan(model, modelStart, modelEnd, stream, new Delimiter(boundary, first));
    }

    private static byte[] withoutLineEnd(byte[] delimiter) {
        byte[] first = new byte[delimiter.length - LINE_END.length];
        System.arraycopy(delimiter, LINE_END.length, first, 0, first.length);
        return first;
    }

    /** Moves behind the next delimiter and returns where it starts, which is where the content before it ends. */
    private long nextDelimiter(long from) {
        for (long at = body.indexOf((byte) '\r', from); at >= 0; at = body.indexOf((byte) '\r', at + 1)) {
            if (body.matches(at, delimiter) && endDelimiter(at + delimiter.length)) {
                return at;
            }
        }
        throw invalid("it ends without its closing boundary");
    }

    /** Whether what follows the boundary makes it a delimiter rather than the beginning of a longer text. */
    private boolean endDelimiter(long from) {
        if (body.matches(from, DASHES)) {
            closed = true;
            return true;
        }
        long at = from;
        while (at < body.length() && (body.byteAt(at) == ' ' || body.byteAt(at) == '\t')) {
            at++;
        }
        if (body.matches(at, LINE_END)) {
            partStart = at + LINE_END.length;
            return true;
        }
        return false;
    }

    private PartHead readHead() {
        String disposition = null;
        boolean encoded = false;
        long lineStart = partStart;
        while (!body.matches(lineStart, LINE_END)) {
            String line = line(lineStart);
            int colon = line.indexOf(':');
            if (colon <= 0 || line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                throw invalid("the head of a part has a malformed line");
            }
            String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals("content-disposition")) {
                if (disposition != null) {
                    throw invalid("a part has two Content-Disposition lines");
                }
                disposition = value;
            }
            encoded |= name.equals("content-transfer-encoding") && !isPlain(value);
            lineStart += line.length() + LINE_END.length;
        }
        return head(disposition, encoded ? "" : null, lineStart + LINE_END.length);
    }

    private static boolean isPlain(String transferEncoding) {
        return switch (transferEncoding.toLowerCase(Locale.ROOT)) {
            case "7bit", "8bit", "binary" -> true;
            default -> false;
        };
    }

    private String line(long start) {
        long end = body.indexOf((byte) '\r', start);
        if (end < 0 || end - partStart > MAX_PART_HEAD_BYTES || !body.matches(end, LINE_END)) {
            throw invalid("the head of a part does not end, or a line in it does not end in CRLF");
        }
        return new String(body.copyRange(start, end), StandardCharsets.ISO_8859_1);
    }

    /** @param fileName a name that makes the part a file already, or null */
    private static PartHead head(@Nullable String disposition, @Nullable String fileName, long contentStart) {
        if (disposition == null) {
            return new PartHead("", fileName, contentStart);
        }
        Map<String, String> parameters = FieldParameters.parse(disposition);
        if (parameters == null || parameters.containsKey("name*")) {
            throw invalid("a part has a malformed Content-Disposition");
        }
        String name = parameters.getOrDefault("name", "");
        if (name.indexOf('\\') >= 0) {
            throw invalid("a part has a backslash in its name");
        }
        String file = parameters.getOrDefault("filename", parameters.get("filename*"));
        return new PartHead(name, file == null ? fileName : file, contentStart);
    }

    private void take(PartHead head, long contentEnd) {
        if (head.name().equals("stream")) {
            stream = contentEnd - head.contentStart() == 4
                    && "true".equalsIgnoreCase(text(head.contentStart(), contentEnd));
        }
        if (!head.name().equals("model")) {
            return;
        }
        if (model != null) {
            throw invalid("it has more than one part named \"model\"");
        }
        if (head.fileName() != null) {
            throw invalid("its part \"model\" is not plain text");
        }
        if (contentEnd - head.contentStart() > BodyScan.MAX_MODEL_BYTES) {
            throw invalid("its part \"model\" is longer than any model's name");
        }
        model = text(head.contentStart(), contentEnd);
        if (model.chars().anyMatch(Character::isISOControl)) {
            throw invalid("its part \"model\" has a line end or another control character");
        }
        modelStart = head.contentStart();
        modelEnd = contentEnd;
    }

    private String text(long start, long end) {
        String text = JsonStrings.decodeUtf8(body.copyRange(start, end));
        if (text == null) {
            throw invalid("its part \"model\" or \"stream\" is not UTF-8");
        }
        return text;
    }

    private static GatewayException invalid(String problem) {
        return GatewayException.of(
                FailureKind.INVALID_REQUEST, "The request body is not a valid multipart form: " + problem + ".");
    }

    /**
     * The head of one part.
     *
     * @param fileName not null where the part is something other than plain text
     */
    private record PartHead(String name, @Nullable String fileName, long contentStart) {}
}
