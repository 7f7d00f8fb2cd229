package io.plano.testing;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Everything that the JVM logs or prints while it is open: SLF4J and {@code java.util.logging} at their most verbose,
 * standard output and error. An entry holds all that an appender could have written: message, arguments, context
 * values, exceptions with causes, names of logger and thread. The usual appenders are silent meanwhile; standard output
 * and error still reach the console. Any thread may log; one capture at a time.
 */
public final class CapturedLogs implements AutoCloseable {
    private final Collection<Entry> entries = new ConcurrentLinkedQueue<>();
    private final LogbackCapture logback;
    private final JulCapture jul;
    private final PrintStream systemOut = System.out;
    private final PrintStream systemErr = System.err;
    private final LineCapture out = new LineCapture(systemOut, line -> add("System.out", line));
    private final LineCapture err = new LineCapture(systemErr, line -> add("System.err", line));

    /**
     * One thing that was logged or printed.
     *
     * @param source the logger, or {@code System.out} or {@code System.err}
     * @param text all of its text, arguments and exceptions included
     */
    public record Entry(String source, String text) {}

    private CapturedLogs(List<String> keptAtInfo) {
        logback = new LogbackCapture(entries::add, keptAtInfo);
        jul = new JulCapture(entries::add, keptAtInfo);
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    /** Captures every logger at TRACE. */
    public static CapturedLogs start() {
        return new CapturedLogs(List.of());
    }

    /**
     * Captures every logger at TRACE but those whose names start so at INFO: for a container's own wire logs, which the
     * gateway does not rule.
     */
    public static CapturedLogs startKeepingAtInfo(String... loggerPrefixes) {
        return new CapturedLogs(List.of(loggerPrefixes));
    }

    /** All entries so far, an unfinished line of standard output included. */
    public List<Entry> entries() {
        out.handOver();
        err.handOver();
        return List.copyOf(entries);
    }

    /** Those entries that came from this logger. */
    public List<Entry> entriesOf(String logger) {
        return entries().stream().filter(entry -> entry.source().equals(logger)).toList();
    }

    /** Fails when an entry holds one of these, and says which entry. */
    public void assertNothingContains(String... secrets) {
        for (Entry entry : entries()) {
            for (String secret : secrets) {
                int at = entry.text().indexOf(secret);
                if (at >= 0) {
                    throw new AssertionError(entry.source() + " holds " + secret + ": " + excerpt(entry.text(), at));
                }
            }
        }
    }

    /** Puts everything back. */
    @Override
    public void close() {
        System.out.flush();
        System.err.flush();
        System.setOut(systemOut);
        System.setErr(systemErr);
        jul.close();
        logback.close();
    }

    /** The text of a log argument, with the elements of arrays and the characters in bytes. */
    static String text(Object argument) {
        if (argument instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        if (argument instanceof char[] characters) {
            return new String(characters);
        }
        if (argument instanceof Object[] elements) {
            return Arrays.deepToString(elements);
        }
        return String.valueOf(argument);
    }

    private void add(String source, String text) {
        entries.add(new Entry(source, text));
    }

    private static String excerpt(String text, int at) {
        return text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 200));
    }
}
