package io.plano.hostile;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/**
 * A log that throws an error at each of the first lines of one class, as the real one may if there is no memory left for
 * them, and keeps those that follow. Any thread may log.
 */
public final class FaultyLog extends UnsynchronizedAppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger;
    private final Level levelBefore;
    private final List<String> tried = new CopyOnWriteArrayList<>();

    private FaultyLog(Class<?> source) {
        logger = (Logger) LoggerFactory.getLogger(source);
        levelBefore = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(false);
        setContext(logger.getLoggerContext());
        start();
        logger.addAppender(this);
    }

    /** One error of each kind of {@link Failings} for the lines of that class. */
    public static FaultyLog of(Class<?> source) {
        return new FaultyLog(source);
    }

    /** The lines so far, those that could not be written among them. */
    public List<String> lines() {
        return List.copyOf(tried);
    }

    /** How many lines could not be written until it was written to again. */
    public static int faults() {
        return Failings.ALL.size();
    }

    @Override
    protected void append(ILoggingEvent event) {
        tried.add(event.getFormattedMessage());
        int line = tried.size();
        if (line <= faults()) {
            throw Failings.ALL.get(line - 1).get();
        }
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setAdditive(true);
        logger.setLevel(levelBefore);
        stop();
    }
}
