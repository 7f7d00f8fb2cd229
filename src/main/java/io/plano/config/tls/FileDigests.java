package io.plano.config.tls;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a configuration was made of: a digest of its text, and one of each file that it names, as they were read.
 *
 * @param files by path; an empty digest for a file that could not be read
 */
public record FileDigests(String text, Map<Path, String> files) {
    static final String UNREADABLE = "";

    public FileDigests {
        files = Map.copyOf(files);
    }

    /** The files as they are now. */
    public static FileDigests now(byte[] text, Set<Path> files) {
        Map<Path, String> digests = new TreeMap<>();
        for (Path file : files) {
            try {
                digests.put(file, digest(PemFile.bytes(file)));
            } catch (PemFile.Refusal e) {
                digests.put(file, UNREADABLE);
            }
        }
        return new FileDigests(digest(text), digests);
    }

    public static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
