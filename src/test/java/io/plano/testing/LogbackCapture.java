package io.plano.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Takes over Logback: one appender, every logger at TRACE; puts the levels and the appenders back. It holds no lock while it
 * renders an argument, whose owner may hold one and be about to log itself.
 */
final class LogbackCapture extends UnsynchronizedAppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Consumer<CapturedLogs.Entry> entries;
    private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Map<Logger, Level> levelsBefore = new LinkedHashMap<>();
    private final Map<Logger, List<Appender<ILoggingEvent>>> appendersBefore = new LinkedHashMap<>();

    LogbackCapture(Consumer<CapturedLogs.Entry> entries, List<String> keptAtInfo) {
        this.entries = entries;
        setContext(loggers);
        setName("captured");
        start();
        for (Logger logger : loggers.getLoggerList()) {
            takeOver(logger);
        }
        keptAtInfo.forEach(this::keepAtInfo);
    }

    @Override
    public void close() {
        appendersBefore.forEach((logger, appenders) -> {
            logger.detachAppender(this);
            appenders.forEach(logger::addAppender);
        });
        levelsBefore.forEach(Logger::setLevel);
        stop();
    }

    @Override
    protected void append(ILoggingEvent event) {
        StringBuilder text = new StringBuilder(event.getThreadName()).append(' ');
        text.append(event.getMessage()).append(' ').append(event.getFormattedMessage());
        if (event.getArgumentArray() != null) {
            for (Object argument : event.getArgumentArray()) {
                text.append(' ').append(CapturedLogs.text(argument));
            }
        }
        text.append(' ').append(event.getMDCPropertyMap());
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(pair -> text.append(' ').append(CapturedLogs.text(pair.value)));
        }
        if (event.getMarkerList() != null) {
            text.append(' ').append(event.getMarkerList());
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            text.append('\n').append(ThrowableProxyUtil.asString(thrown));
        }
        entries.accept(new CapturedLogs.Entry(event.getLoggerName(), text.toString()));
    }

    private void takeOver(Logger logger) {
        boolean root = logger.getName().equals(org.slf4j.Logger.ROOT_LOGGER_NAME);
        levelsBefore.put(logger, logger.getLevel());
        logger.setLevel(root ? Level.TRACE : null);
        List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
        for (Iterator<Appender<ILoggingEvent>> all = logger.iteratorForAppenders(); all.hasNext(); ) {
            appenders.add(all.next());
        }
        appenders.forEach(logger::detachAppender);
        appendersBefore.put(logger, appenders);
        if (root || !logger.isAdditive()) {
            logger.addAppender(this);
        }
    }

    private void keepAtInfo(String prefix) {
        Logger logger = loggers.getLogger(prefix);
        levelsBefore.putIfAbsent(logger, logger.getLevel());
        logger.setLevel(Level.INFO);
    }
}
