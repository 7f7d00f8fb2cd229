package io.plano.body;

import io.airlift.compress.zstd.ZstdInputStream;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongPredicate;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Decodes the body of a request (RFC 9110 §8.4), so that nothing is ever looked for in compressed bytes (R58). */
public final class ContentCoding {
    /** What nothing real comes near: JSON shrinks to a tenth, and gzip could to a thousandth. */
    private static final int MAX_RATIO = 128;

    /** Up to here the ratio does not matter: a small body may well be one line repeated. */
    private static final long RATIO_COUNTS_FROM = 1 << 20;

    private static final int BUFFER_SIZE = 8 * 1024;

    /** The window of a zstd decoder, which grows with what comes out of it. */
    private static final long ZSTD_WINDOW = 8L << 20;

    /**
     * What bounds the decoding.
     *
     * @param maxBytes the most to decode to
     * @param room asked for so many bytes before they are taken, in steps; false where there is none
     */
    public record Bounds(long maxBytes, LongPredicate room) {
        /** For what is small by its own limit. */
        public static Bounds of(long maxBytes) {
            return new Bounds(maxBytes, bytes -> true);
        }
    }

    private ContentCoding() {}

    /**
     * The bytes before the coding was applied; the same object where there is none. More than one coding is refused: no real
     * client applies two, and each multiplies what a small body can make us compute.
     *
     * @param contentEncoding the values of all Content-Encoding fields, in order
     * @throws GatewayException {@link FailureKind#UNSUPPORTED_ENCODING} for a coding that is not gzip, deflate, zstd or
     *     identity, and for more than one, {@link FailureKind#BODY_TOO_LARGE} beyond the maximum or where it is that many times
     *     larger than what was sent, {@link FailureKind#OVERLOADED} where there is no room, {@link
     *     FailureKind#INVALID_REQUEST} where the bytes are not what the coding says
     */
    public static ByteSegments decode(List<String> contentEncoding, ByteSegments body, Bounds bounds) {
        List<String> codings = codings(contentEncoding);
        if (codings.size() > 1) {
            throw GatewayException.of(
                    FailureKind.UNSUPPORTED_ENCODING,
                    "The request body has more than one Content-Encoding; apply one at most.");
        }
        return codings.isEmpty() ? body : decode(codings.get(0), body, bounds);
    }

    /**
     * Refuses what {@link #decode} would refuse before it has a byte.
     *
     * @throws GatewayException {@link FailureKind#UNSUPPORTED_ENCODING}
     */
    public static void check(List<String> contentEncoding) {
        decode(contentEncoding, ByteSegments.EMPTY, Bounds.of(0));
    }

    /** Whether the field values name a coding other than identity. */
    public static boolean isEncoded(List<String> contentEncoding) {
        return !codings(contentEncoding).isEmpty();
    }

    /**
     * The codings other than identity, in the order in which they were applied, in lower case.
     *
     * @param contentEncoding the values of all Content-Encoding fields, in order
     */
    public static List<String> codings(List<String> contentEncoding) {
        List<String> codings = new ArrayList<>(2);
        for (String value : contentEncoding) {
            int start = 0;
            while (start <= value.length()) {
                int comma = value.indexOf(',', start);
                int end = comma < 0 ? value.length() : comma;
                String coding = value.substring(start, end).strip().toLowerCase(Locale.ROOT);
                if (!coding.isEmpty() && !coding.equals("identity")) {
                    codings.add(coding);
                }
                start = end + 1;
            }
        }
        return codings;
    }

    private static ByteSegments decode(String coding, ByteSegments body, Bounds bounds) {
        return switch (coding) {
            case "gzip", "x-gzip" -> read(in -> new GZIPInputStream(in, BUFFER_SIZE), body, bounds);
            case "deflate" -> inflate(body, bounds);
            case "zstd" -> read(ZstdInputStream::new, body, withWindow(bounds));
            default -> throw unsupported();
        };
    }

    /** As much again as was decoded, up to its maximum. */
    private static Bounds withWindow(Bounds bounds) {
        long[] window = new long[1];
        return new Bounds(bounds.maxBytes(), bytes -> {
            long more = Math.min(bytes, ZSTD_WINDOW - window[0]);
            window[0] += more;
            return bounds.room().test(bytes + more);
        });
    }

    /** {@code deflate} means zlib (RFC 9110 §8.4.1.2); some clients send the bare format, which has no header. */
    private static ByteSegments inflate(ByteSegments body, Bounds bounds) {
        boolean hasZlibHeader = body.length() >= 2 && isZlib(body.byteAt(0), body.byteAt(1));
        Inflater inflater = new Inflater(!hasZlibHeader);
        try {
            return read(in -> new InflaterInputStream(in, inflater, BUFFER_SIZE), body, bounds);
        } finally {
            inflater.end();
        }
    }

    /** Whether these are the first two bytes of zlib (RFC 1950 §2.2). */
    static boolean isZlib(byte first, byte second) {
        return (first & 0x0f) == 8 && ((first & 0xff) * 256 + (second & 0xff)) % 31 == 0;
    }

    /** Whether so much has come out of so little that it was made to. */
    static boolean isAbsurd(long encoded, long decoded) {
        return decoded > Math.max(RATIO_COUNTS_FROM, encoded * MAX_RATIO);
    }

    private static ByteSegments read(Decoder decoder, ByteSegments body, Bounds bounds) {
        if (body.isEmpty()) {
            return body;
        }
        ByteSegments.Builder decoded = ByteSegments.builder();
        long reserved = 0;
        try (InputStream in = decoder.open(body.newInputStream())) {
            do {
                if (decoded.length() + ByteSegments.SEGMENT_SIZE > reserved) {
                    reserved += ByteSegments.SEGMENT_SIZE;
                    takeRoom(bounds);
                }
                if (decoded.length() > bounds.maxBytes()) {
                    throw tooLarge("The request body is too large after decoding.");
                }
                if (isAbsurd(body.length(), decoded.length())) {
                    throw tooLarge("The request body is more than " + MAX_RATIO + " times larger after decoding.");
                }
            } while (decoded.readFrom(in) >= 0);
            return decoded.build();
        } catch (GatewayException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The zstd decoder reports corrupt input with unchecked exceptions of several types.
            throw GatewayException.of(
                    FailureKind.INVALID_REQUEST, "The request body is not in the coding of its Content-Encoding.", e);
        }
    }

    private static void takeRoom(Bounds bounds) {
        if (!bounds.room().test(ByteSegments.SEGMENT_SIZE)) {
            throw GatewayException.of(
                    FailureKind.OVERLOADED, "The gateway has no memory left to decode the request body; try again.");
        }
    }

    private static GatewayException tooLarge(String message) {
        return GatewayException.of(FailureKind.BODY_TOO_LARGE, message);
    }

    private static GatewayException unsupported() {
        return GatewayException.of(
                FailureKind.UNSUPPORTED_ENCODING,
                "The Content-Encoding of the request body is not supported; use gzip, deflate, zstd or none.");
    }

    /** Wraps encoded bytes in the stream that decodes them. */
    private interface Decoder {
        InputStream open(InputStream encoded) throws IOException;
    }
}
