package io.plano.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/** Bodies to send, and a way to compare large ones. */
final class Bytes {
    private Bytes() {}

    /** So many bytes without a pattern, the same at every call. */
    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** A stream recorded from a real provider; see {@code streams/SOURCES.md}. */
    static byte[] recorded(String name) {
        try (InputStream in = Bytes.class.getResourceAsStream("/streams/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("no such stream: " + name);
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
