package io.plano.body;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Cuts bodies into segments, so that every algorithm meets every boundary. */
final class Shredder {
    private Shredder() {}

    static ByteSegments body(String text) {
        return ByteSegments.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static ByteSegments inSegmentsOf(int size, byte[] bytes) {
        byte[][] pieces = new byte[(bytes.length + size - 1) / size][];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = Arrays.copyOfRange(bytes, i * size, Math.min(bytes.length, (i + 1) * size));
        }
        return ByteSegments.of(pieces);
    }

    static String text(ByteSegments body) {
        return new String(body.toByteArray(), StandardCharsets.UTF_8);
    }
}
