package io.plano.observe;

import io.plano.failure.Pulse;
import io.plano.failure.Vitals;
import io.plano.http.VisibleAscii;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes exactly one line per exchange.
 *
 * <p>Lines are formed on the thread that ends the exchange and written by another in batches, a few times a second: the
 * hand-over wakes nobody, so it costs the hot path no system call, and a log that blocks stops no stream. Where the
 * writer falls far behind, lines are dropped and their number is logged instead.
 */
public final class AccessLog implements ExchangeListener, AutoCloseable {
    private static final long FLUSH_MILLIS = 200;
    private static final int MAX_QUEUED = 100_000;
    private static final int MAX_FIELD = 200;

    /** Few system calls, and no array so large that the garbage collector would make an exception for it. */
    private static final int BATCH_CHARS = 32 << 10;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();
    private final Clock clock;
    private final Consumer<String> sink;
    private final Pulse pulse;
    private final Thread writer;
    /** Of the writer. */
    private final StringBuilder batch = new StringBuilder(BATCH_CHARS);

    private volatile boolean closed;

    /**
     * @param sink gets one or more lines, separated by line feeds, without the last one; called on the log's own thread
     */
    public AccessLog(Clock clock, Consumer<String> sink) {
        this(clock, sink, Vitals.UNWATCHED);
    }

    /**
     * As the other.
     *
     * @param vitals watches the writer
     */
    public AccessLog(Clock clock, Consumer<String> sink, Vitals vitals) {
        this.clock = clock;
        this.sink = sink;
        this.pulse = vitals.pulse("plano-access-log");
        this.writer = new Thread(pulse.guard(this::writeUntilClosed), "plano-access-log");
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public void closed(ExchangeRecord exchange) {
        if (queued.get() >= MAX_QUEUED) {
            dropped.incrementAndGet();
            return;
        }
        lines.add(format(exchange)); // which may fail, and then has no place in the queue
        queued.incrementAndGet();
    }

    private String format(ExchangeRecord exchange) {
        StringBuilder line = new StringBuilder(384);
        appendTime(line);
        field(line, "id", exchange.id());
        field(line, "method", exchange.method());
        field(line, "path", exchange.path());
        field(line, "model", exchange.modelAsked());
        field(line, "upstream_model", exchange.modelSent());
        field(line, "provider", exchange.provider());
        field(line, "translated", exchange.translatedTo());
        line.append(" credential=").append(exchange.credentialSource());
        line.append(" attempts=").append(exchange.attempts());
        line.append(" status=").append(exchange.status());
        field(line, "upstream_id", exchange.upstreamRequestId());
        line.append(" in=").append(exchange.requestBytes());
        line.append(" out=").append(exchange.responseBytes());
        tokens(line.append(" in_tokens="), exchange.usage().input());
        tokens(line.append(" out_tokens="), exchange.usage().output());
        tokens(line.append(" cached_tokens="), exchange.usage().cacheRead());
        millis(line.append(" ttfb_ms="), exchange.firstByteNanos());
        millis(line.append(" ms="), exchange.durationNanos());
        return line.append(" end=").append(exchange.end()).toString();
    }

    /** The formatter costs more than all the rest, so its work is kept for the rest of the second. */
    private void appendTime(StringBuilder line) {
        long now = clock.millis();
        Second known = second;
        if (known == null || known.epochSecond != now / 1000) {
            Instant start = Instant.ofEpochMilli(now).truncatedTo(ChronoUnit.SECONDS);
            known = new Second(now / 1000, TIME.format(start).substring(0, 20));
            second = known;
        }
        line.append(known.text);
        int millis = (int) (now % 1000);
        line.append((char) ('0' + millis / 100))
                .append((char) ('0' + millis / 10 % 10))
                .append((char) ('0' + millis % 10))
                .append('Z');
    }

    private record Second(long epochSecond, String text) {}

    private volatile @Nullable Second second;

    private static void field(StringBuilder line, String name, @Nullable String value) {
        line.append(' ').append(name).append('=');
        if (value == null || value.isEmpty()) {
            line.append('-');
            return;
        }
        VisibleAscii.append(line, value, '"', MAX_FIELD);
    }

    private static void tokens(StringBuilder line, long count) {
        if (count < 0) {
            line.append('-');
        } else {
            line.append(count);
        }
    }

    private static void millis(StringBuilder line, long nanos) {
        if (nanos < 0) {
            line.append('-');
            return;
        }
        long micros = nanos / 1000;
        line.append(micros / 1000).append('.').append(micros / 100 % 10).append(micros / 10 % 10);
    }

    private void writeUntilClosed() {
        while (!closed) {
            pulse.beat();
            try {
                Thread.sleep(FLUSH_MILLIS);
            } catch (InterruptedException e) {
                // close() is in a hurry
            }
            drain();
        }
        drain();
    }

    /** A line that cannot be written is lost; the next one need not be. */
    private void drain() {
        try {
            for (String line = lines.poll(); line != null; line = lines.poll()) {
                queued.decrementAndGet();
                add(line);
            }
            int lost = dropped.getAndSet(0);
            if (lost > 0) {
                add("dropped=" + lost);
            }
            write();
        } catch (Throwable defect) {
            dropped.incrementAndGet();
        }
    }

    private void add(String line) {
        if (batch.length() + line.length() >= BATCH_CHARS) {
            write();
        }
        batch.append(batch.length() == 0 ? "" : "\n").append(line);
    }

    private void write() {
        if (batch.length() > 0) {
            try {
                sink.accept(batch.toString());
            } finally {
                batch.setLength(0);
            }
        }
    }

    /** Writes what is left. */
    @Override
    public void close() {
        closed = true;
        pulse.close();
        writer.interrupt();
        try {
            writer.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
