package io.plano.integration;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.ConsoleAppender;
import io.plano.testing.Await;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Reads the access log in place of the console, which gets it back at the end. Any thread may log. */
final class AccessLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.plano.access");
    private final List<Appender<ILoggingEvent>> consoles = new ArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    AccessLines() {
        for (Iterator<Appender<ILoggingEvent>> all = logger.iteratorForAppenders(); all.hasNext(); ) {
            Appender<ILoggingEvent> appender = all.next();
            if (appender instanceof ConsoleAppender) {
                consoles.add(appender);
            }
        }
        consoles.forEach(logger::detachAppender);
        setContext(logger.getLoggerContext());
        start();
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        // Only the separator that the log itself writes: any other line end in a line is a forgery to be seen.
        lines.addAll(List.of(event.getFormattedMessage().split("\n", -1)));
    }

    /** The first so many lines; fails where there are more or fewer after a while. */
    List<String> await(int count) {
        Await.until(Stage.SOON, () -> lines.size() + " lines: " + lines, () -> lines.size() >= count);
        if (lines.size() > count) {
            throw new AssertionError(lines.size() + " lines: " + lines);
        }
        return List.copyOf(lines);
    }

    /** The fields of the only line. */
    Map<String, String> awaitOne() {
        return fields(await(1).get(0));
    }

    /** Name and value of each field; the time stands under {@code time}. */
    static Map<String, String> fields(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String word : line.split(" ", -1)) {
            int equals = word.indexOf('=');
            fields.put(equals < 0 ? "time" : word.substring(0, equals), word.substring(equals + 1));
        }
        return fields;
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        consoles.forEach(logger::addAppender);
        stop();
    }
}
