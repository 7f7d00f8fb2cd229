package io.plano.proxy.answer;

import io.plano.body.ByteSegments;
import io.plano.body.ContentCoding;
import io.plano.body.ContentCoding.Bounds;
import io.plano.credential.SecretMask;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer that is no success, on its way to a client that must not see the gateway's secrets in it. As a
 * rule it passes piece by piece and keeps its length. One that came compressed is held, up to {@link #MAX_BYTES}, and
 * decoded: nothing is looked for in compressed bytes. Used by the thread that reads the answer.
 */
final class MaskedError {
    /** Of what came and of what it decodes to: what an error says stands in front. */
    static final int MAX_BYTES = 256 << 10;

    private final SecretMask mask;
    private final SecretMask.Stream stream;
    private final List<String> codings;
    private final boolean whole;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream(0);
    private boolean tooLarge;
    private int uncredited;

    MaskedError(SecretMask mask, Headers headers) {
        this.mask = mask;
        this.stream = mask.stream();
        this.codings = headers.all("Content-Encoding");
        this.whole = isEncoded(codings);
    }

    private static boolean isEncoded(List<String> codings) {
        try {
            return ContentCoding.isEncoded(codings);
        } catch (GatewayException tooMany) {
            return true;
        }
    }

    /** Whether nothing can go on before all of it has come. */
    boolean isWhole() {
        return whole;
    }

    /** What can go on now. */
    byte[] accept(ByteBuffer bytes) {
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        uncredited += piece.length;
        if (!whole) {
            return stream.accept(piece);
        }
        tooLarge |= held.size() + piece.length > MAX_BYTES;
        if (!tooLarge) {
            held.writeBytes(piece);
        }
        return new byte[0];
    }

    /** What was held back of a body that passes piece by piece. */
    byte[] end() {
        return stream.end();
    }

    /** How many bytes came since the last question; so much of the upstream's window is to be given back. */
    int takeUncredited() {
        int bytes = uncredited;
        uncredited = 0;
        return bytes;
    }

    /** The whole body, decoded and masked; null where it cannot be read. */
    byte @Nullable [] decoded() {
        if (tooLarge) {
            return null;
        }
        try {
            ByteSegments plain =
                    ContentCoding.decode(codings, ByteSegments.of(held.toByteArray()), Bounds.of(MAX_BYTES));
            return mask.mask(plain.toByteArray());
        } catch (GatewayException unreadable) {
            return null;
        }
    }
}
