package io.plano.body;

import io.airlift.compress.zstd.ZstdInputStream;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Decodes the body of a request (RFC 9110 §8.4), so that nothing is ever looked for in compressed bytes (R58). */
public final class ContentCoding {
    /** More than one real client applies; each further one multiplies what a small body can make us compute. */
    private static final int MAX_CODINGS = 3;

    private static final int BUFFER_SIZE = 8 * 1024;

    private ContentCoding() {}

    /**
     * The bytes before the codings were applied; the same object where there are none.
     *
     * @param contentEncoding the values of all Content-Encoding fields, in order
     * @param maxBytes the most that any step may decode to
     * @throws GatewayException {@link FailureKind#UNSUPPORTED_ENCODING} for a coding that is not gzip, deflate, zstd or
     *     identity, {@link FailureKind#BODY_TOO_LARGE} beyond the maximum, {@link FailureKind#INVALID_REQUEST} where the
     *     bytes are not what the coding says
     */
    public static ByteSegments decode(List<String> contentEncoding, ByteSegments body, long maxBytes) {
        List<String> codings = codings(contentEncoding);
        ByteSegments decoded = body;
        for (int i = codings.size() - 1; i >= 0; i--) {
            decoded = decode(codings.get(i), decoded, maxBytes);
        }
        return decoded;
    }

    /** Whether the field values name a coding other than identity. */
    public static boolean isEncoded(List<String> contentEncoding) {
        return !codings(contentEncoding).isEmpty();
    }

    private static List<String> codings(List<String> contentEncoding) {
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
        if (codings.size() > MAX_CODINGS) {
            throw unsupported();
        }
        return codings;
    }

    private static ByteSegments decode(String coding, ByteSegments body, long maxBytes) {
        return switch (coding) {
            case "gzip", "x-gzip" -> read(in -> new GZIPInputStream(in, BUFFER_SIZE), body, maxBytes);
            case "deflate" -> inflate(body, maxBytes);
            case "zstd" -> read(ZstdInputStream::new, body, maxBytes);
            default -> throw unsupported();
        };
    }

    /** {@code deflate} means zlib (RFC 9110 §8.4.1.2); some clients send the bare format, which has no header. */
    private static ByteSegments inflate(ByteSegments body, long maxBytes) {
        boolean hasZlibHeader = body.length() >= 2
                && (body.byteAt(0) & 0x0f) == 8
                && ((body.byteAt(0) & 0xff) * 256 + (body.byteAt(1) & 0xff)) % 31 == 0;
        Inflater inflater = new Inflater(!hasZlibHeader);
        try {
            return read(in -> new InflaterInputStream(in, inflater, BUFFER_SIZE), body, maxBytes);
        } finally {
            inflater.end();
        }
    }

    private static ByteSegments read(Decoder decoder, ByteSegments body, long maxBytes) {
        if (body.isEmpty()) {
            return body;
        }
        ByteSegments.Builder decoded = ByteSegments.builder();
        try (InputStream in = decoder.open(body.newInputStream())) {
            while (decoded.readFrom(in) >= 0) {
                if (decoded.length() > maxBytes) {
                    throw GatewayException.of(
                            FailureKind.BODY_TOO_LARGE, "The request body is too large after decoding.");
                }
            }
            return decoded.build();
        } catch (GatewayException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The zstd decoder reports corrupt input with unchecked exceptions of several types.
            throw GatewayException.of(
                    FailureKind.INVALID_REQUEST, "The request body is not in the coding of its Content-Encoding.", e);
        }
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
