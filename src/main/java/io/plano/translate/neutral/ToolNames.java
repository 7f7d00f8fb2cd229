package io.plano.translate.neutral;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Gives tools and calls names that a format allows, and remembers what they were called. A name that is legal stays; any
 * other becomes a legal beginning of itself with eight digits of its SHA-256: the same every time, since providers' caches
 * look for equal beginnings, and different for different names. One per request; one thread.
 */
public final class ToolNames {
    private static final Pattern ILLEGAL = Pattern.compile("[^A-Za-z0-9_-]");

    private final int maxLength;
    private final Map<String, String> originals = new HashMap<>();

    /**
     * @param maxLength the most characters of a name: 64 for OpenAI, 128 for Anthropic
     */
    public ToolNames(int maxLength) {
        this.maxLength = maxLength;
    }

    /** The name under which the provider gets the tool. */
    public String legal(String name) {
        String legal = legal(name, maxLength);
        if (!legal.equals(name)) {
            originals.put(legal, name);
        }
        return legal;
    }

    /** The names that differ: as the provider knows them, and as the client does. */
    public Map<String, String> renamed() {
        return Collections.unmodifiableMap(new HashMap<>(originals));
    }

    /** An id or name of letters, digits, {@code _} and {@code -}, of at most that many characters. */
    public static String legal(String name, int maxLength) {
        String safe = ILLEGAL.matcher(name).replaceAll("_");
        if (safe.equals(name) && !name.isEmpty() && name.length() <= maxLength) {
            return name;
        }
        String digest = "_" + digest(name);
        return safe.substring(0, Math.min(safe.length(), maxLength - digest.length())) + digest;
    }

    private static String digest(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
