package io.plano.hostile;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.plano.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Hears the access log. Any thread may log. */
final class AccessLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.plano.access");
    private final List<String> lines = new CopyOnWriteArrayList<>();

    AccessLines() {
        setContext(logger.getLoggerContext());
        start();
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.addAll(List.of(event.getFormattedMessage().split("\n", -1)));
    }

    /** The line of the exchange with that id. */
    String await(String id) {
        String field = " id=" + id + " ";
        Await.until(
                Duration.ofSeconds(10),
                () -> "no line of " + id + ": " + lines,
                () -> lines.stream().anyMatch(line -> line.contains(field)));
        return lines.stream().filter(line -> line.contains(field)).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        stop();
    }
}
