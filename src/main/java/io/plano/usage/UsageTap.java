package io.plano.usage;

import io.plano.body.ContentCoding;
import io.plano.provider.Surface;
import io.plano.provider.WireFormat;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from one answer of a provider, while it passes, what it cost: of events ({@code text/event-stream}) and of JSON, in the
 * formats of all surfaces. It changes no byte, holds none up, never throws, and needs the same few hundred bytes for an answer
 * of any size.
 *
 * <p>It is for answers with a status of success. The pieces come from whoever relays them, one thread at a time; {@link #usage}
 * may be asked by any thread at any time, also if the answer broke off.
 *
 * <h2>Compressed answers</h2>
 *
 * What comes as {@code gzip} or {@code deflate} is decoded aside as it passes; for that {@link #heldBytes} are needed. What comes
 * as {@code br} or {@code zstd}, or in two codings, tells nothing: there is no decoder here for the one, and that for the other
 * cannot be fed in pieces and keeps a window of up to 8 MB.
 */
public final class UsageTap {
    /** For an answer that is not to be read. */
    public static final UsageTap NONE = new UsageTap(null, null);

    private static final Logger log = LoggerFactory.getLogger(UsageTap.class);

    /** Bytes outside of the heap are copied in steps of so many. */
    private static final int STEP = 8 << 10;

    private final @Nullable AnswerUsage answer;
    private @Nullable UsageReader reader;
    private byte @Nullable [] copied;

    private UsageTap(@Nullable AnswerUsage answer, @Nullable UsageReader reader) {
        this.answer = answer;
        this.reader = reader;
    }

    /**
     * For the answer to a request for that surface, in the format of that surface.
     *
     * @param contentType the answer's Content-Type; null if it has none
     * @param contentEncoding the values of all its Content-Encoding fields, in order
     */
    public static UsageTap of(Surface surface, @Nullable String contentType, List<String> contentEncoding) {
        UsageFormat format = UsageFormat.of(surface);
        return format == null ? NONE : of(format, contentType, contentEncoding);
    }

    /** As the other, for an answer in a format that may be another than the client's. */
    public static UsageTap of(WireFormat format, @Nullable String contentType, List<String> contentEncoding) {
        return of(UsageFormat.of(format), contentType, contentEncoding);
    }

    private static UsageTap of(UsageFormat format, @Nullable String contentType, List<String> contentEncoding) {
        AnswerUsage answer = new AnswerUsage(format);
        UsageReader plain = plainReader(answer, format, contentType);
        UsageReader reader = plain == null ? null : decoding(plain, ContentCoding.codings(contentEncoding));
        return reader == null ? NONE : new UsageTap(answer, reader);
    }

    private static @Nullable UsageReader plainReader(
            AnswerUsage answer, UsageFormat format, @Nullable String contentType) {
        if (contentType == null) {
            return null;
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        type = type.strip().toLowerCase(Locale.ROOT);
        if (type.equals("text/event-stream")) {
            return new EventUsageReader(new JsonUsageReader(answer, format.wrapper()));
        }
        boolean json = type.equals("application/json") || type.endsWith("+json");
        return json ? new JsonUsageReader(answer, null) : null;
    }

    private static @Nullable UsageReader decoding(UsageReader plain, List<String> codings) {
        if (codings.isEmpty()) {
            return plain;
        }
        return switch (codings.size() == 1 ? codings.get(0) : "") {
            case "gzip", "x-gzip" -> DecodedUsageReader.ofGzip(plain);
            case "deflate" -> DecodedUsageReader.ofDeflate(plain);
            default -> null;
        };
    }

    /** What it holds until {@link #end}, in bytes, beyond what belongs to every exchange: for decoding. */
    public long heldBytes() {
        UsageReader open = reader;
        return open == null ? 0 : open.heldBytes();
    }

    /** Reads the next piece, from the buffer's position to its limit, neither of which moves. */
    public void accept(ByteBuffer bytes) {
        if (reader == null) {
            return;
        }
        int position = bytes.position();
        int limit = bytes.limit();
        if (bytes.hasArray()) {
            accept(bytes.array(), bytes.arrayOffset() + position, limit - position);
            return;
        }
        byte[] copy = copied == null || copied.length < Math.min(STEP, limit - position)
                ? new byte[Math.min(STEP, limit - position)]
                : copied;
        copied = copy;
        for (int from = position; from < limit; from += copy.length) {
            int length = Math.min(copy.length, limit - from);
            bytes.get(from, copy, 0, length);
            accept(copy, 0, length);
        }
    }

    /** Reads the next piece, which stays as it is. */
    public void accept(byte[] bytes, int offset, int length) {
        UsageReader open = reader;
        if (open == null) {
            return;
        }
        try {
            open.accept(bytes, offset, offset + length);
        } catch (RuntimeException defect) {
            end();
            log.warn("what an answer cost could not be read, by a defect of the gateway", defect);
        }
    }

    /** The answer has ended, however it did. May be called more than once. */
    public void end() {
        UsageReader open = reader;
        reader = null;
        copied = null;
        if (open != null) {
            open.close();
        }
    }

    /** What the answer has said so far. Any thread. */
    public TokenUsage usage() {
        return answer == null ? TokenUsage.NOT_TOLD : answer.usage();
    }
}
