package io.plano.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/** Takes over {@code java.util.logging}: one handler, every logger at ALL; puts the levels and the handlers back. */
final class JulCapture extends Handler implements AutoCloseable {
    private final Consumer<CapturedLogs.Entry> entries;
    private final Logger root = Logger.getLogger("");
    private final List<Handler> handlersBefore = List.of(root.getHandlers());
    private final Map<Logger, @Nullable Level> levelsBefore = new HashMap<>();
    private final List<Logger> addressed = new ArrayList<>();

    JulCapture(Consumer<CapturedLogs.Entry> entries, List<String> keptAtInfo) {
        this.entries = entries;
        setLevel(Level.ALL);
        for (String name : Collections.list(LogManager.getLogManager().getLoggerNames())) {
            @Nullable Logger logger = LogManager.getLogManager().getLogger(name);
            if (logger != null) {
                setLevel(logger, logger == root ? Level.ALL : null);
            }
        }
        for (String prefix : keptAtInfo) {
            Logger kept = Logger.getLogger(prefix);
            addressed.add(kept); // the log manager holds its loggers weakly, and their levels with them
            setLevel(kept, Level.INFO);
        }
        handlersBefore.forEach(root::removeHandler);
        root.addHandler(this);
    }

    @Override
    public void publish(LogRecord logged) {
        StringBuilder text = new StringBuilder(String.valueOf(logged.getMessage()));
        text.append(' ').append(new SimpleFormatter().formatMessage(logged));
        if (logged.getParameters() != null) {
            for (Object parameter : logged.getParameters()) {
                text.append(' ').append(CapturedLogs.text(parameter));
            }
        }
        if (logged.getThrown() != null) {
            StringWriter trace = new StringWriter();
            logged.getThrown().printStackTrace(new PrintWriter(trace));
            text.append('\n').append(trace);
        }
        entries.accept(new CapturedLogs.Entry(String.valueOf(logged.getLoggerName()), text.toString()));
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public void close() {
        root.removeHandler(this);
        handlersBefore.forEach(root::addHandler);
        levelsBefore.forEach(Logger::setLevel);
        addressed.clear();
    }

    private void setLevel(Logger logger, @Nullable Level level) {
        levelsBefore.putIfAbsent(logger, logger.getLevel());
        logger.setLevel(level);
    }
}
