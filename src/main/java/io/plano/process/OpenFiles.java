package io.plano.process;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringTokenizer;
import java.util.stream.Stream;

/**
 * The open files of this process, sockets among them: how many there may be and how many there are. Linux says so in
 * {@code /proc/self} (proc(5)), which costs a hundredth of asking the JVM's management, as is done on other systems.
 * Safe for every thread.
 */
public final class OpenFiles {
    /** The limit of a system that has none, or tells of none. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final String LIMIT = "Max open files";

    private OpenFiles() {}

    /** The soft limit, which the JVM raises to the hard one when it starts. */
    public static long limit() {
        try {
            return limit(Files.readString(LIMITS, StandardCharsets.US_ASCII));
        } catch (IOException noProc) {
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getMaxFileDescriptorCount()
                    : UNLIMITED;
        }
    }

    /** @param limits as {@code /proc/self/limits} puts it */
    static long limit(String limits) {
        for (String line : limits.lines().toList()) {
            if (line.startsWith(LIMIT)) {
                String soft = new StringTokenizer(line.substring(LIMIT.length())).nextToken();
                return soft.equals("unlimited") ? UNLIMITED : Long.parseLong(soft);
            }
        }
        return UNLIMITED;
    }

    /** How many are open now. Looks at each of them: not for every request. */
    public static long count() {
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        } catch (IOException noProc) {
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getOpenFileDescriptorCount()
                    : 0;
        }
    }

    /**
     * Whether another one cannot be opened, by trying to. For those who have just failed: the message of such a failure
     * is in the language of the system, and resolvers do not pass it on at all.
     */
    public static boolean areExhausted() {
        try {
            SocketChannel.open().close();
            return false;
        } catch (IOException exhausted) {
            return true;
        }
    }
}
