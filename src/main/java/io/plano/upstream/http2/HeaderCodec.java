package io.plano.upstream.http2;

import io.plano.http.Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.apache.hc.core5.http2.hpack.HPackEncoder;
import org.apache.hc.core5.http2.hpack.HPackException;
import org.apache.hc.core5.util.ByteArrayBuffer;

/**
 * Field blocks of one connection to and from their compressed form (RFC 7541), with the rules of RFC 9113 §8.2 and §8.3.
 * Both directions depend on every block before, so it is for one thread, and every block that arrives is decoded,
 * whether or not anybody waits for it.
 *
 * <p>A field may carry a secret, and one connection serves many callers: only fields that are known to carry none enter
 * the compression's memory, all others are marked never to (RFC 7541 §7.1.3).
 */
final class HeaderCodec {
    private static final int TABLE_SIZE = 4096;
    private static final int MAX_FIELDS = 500;

    private static final Set<String> CONNECTION_SPECIFIC =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private static final Set<String> NO_SECRET = Set.of(
            "accept",
            "accept-encoding",
            "accept-language",
            "anthropic-beta",
            "anthropic-version",
            "content-length",
            "content-type",
            "user-agent",
            "via");

    private final HPackEncoder encoder = new HPackEncoder(TABLE_SIZE, StandardCharsets.ISO_8859_1);
    private final HPackDecoder decoder = new HPackDecoder(TABLE_SIZE, StandardCharsets.ISO_8859_1);

    HeaderCodec() {
        decoder.setMaxListSize(FrameReader.MAX_BLOCK);
    }

    /** The peer's limit. It only ever becomes smaller here: what is larger need not be used. */
    void limitTable(long size) {
        encoder.setMaxTableSize((int) Math.min(encoder.getMaxTableSize(), size));
    }

    ByteBuffer encode(StreamRequest head) throws IOException {
        ByteArrayBuffer block = new ByteArrayBuffer(512);
        String host = head.fields().first("Host");
        encoder.encodeHeader(block, ":method", head.method(), false);
        encoder.encodeHeader(block, ":scheme", "https", false);
        encoder.encodeHeader(block, ":authority", host != null ? host : head.authority(), false);
        encoder.encodeHeader(block, ":path", head.path(), true);
        for (int i = 0; i < head.fields().size(); i++) {
            String name = head.fields().name(i).toLowerCase(Locale.ROOT);
            if (!name.equals("host") && !name.equals("te") && !CONNECTION_SPECIFIC.contains(name)) {
                encoder.encodeHeader(block, name, head.fields().value(i), !NO_SECRET.contains(name));
            }
        }
        return ByteBuffer.wrap(block.array(), 0, block.length());
    }

    /**
     * @throws H2ConnectionException where the two ends do not agree any more on what the compression remembers
     */
    List<Header> decode(ByteBuffer block) throws H2ConnectionException {
        try {
            return decoder.decodeHeaders(block);
        } catch (HPackException e) {
            throw new H2ConnectionException(H2Error.COMPRESSION_ERROR, String.valueOf(e.getMessage()));
        }
    }

    /**
     * @throws ProtocolException where the message is malformed, which concerns its stream alone
     */
    static FieldBlock read(List<Header> list) throws ProtocolException {
        if (list.size() > MAX_FIELDS) {
            throw new ProtocolException("more than " + MAX_FIELDS + " fields");
        }
        int status = FieldBlock.NO_STATUS;
        Headers.Builder fields = Headers.builder();
        boolean pseudo = true;
        for (Header field : list) {
            String name = field.getName();
            String value = field.getValue() == null ? "" : field.getValue();
            if (name.startsWith(":")) {
                if (!pseudo || !name.equals(":status") || status != FieldBlock.NO_STATUS) {
                    throw new ProtocolException("a pseudo-field out of place");
                }
                status = status(value);
            } else {
                pseudo = false;
                check(name, value);
                fields.add(name, value);
            }
        }
        return new FieldBlock(status, fields.build());
    }

    private static int status(String value) throws ProtocolException {
        if (!value.matches("[1-5][0-9]{2}")) {
            throw new ProtocolException("no status");
        }
        return Integer.parseInt(value);
    }

    private static void check(String name, String value) throws ProtocolException {
        if (name.isEmpty() || CONNECTION_SPECIFIC.contains(name)) {
            throw new ProtocolException("a field that has no place in HTTP/2");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean token = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
            if (!token) {
                throw new ProtocolException("a field name that is none");
            }
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                throw new ProtocolException("a field value that is none");
            }
        }
    }
}
