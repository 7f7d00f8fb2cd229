package io.plano.testing;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Passes bytes on to the console and hands over each line. Any thread. */
final class LineCapture extends OutputStream {
    private final PrintStream console;
    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    LineCapture(PrintStream console, Consumer<String> lines) {
        this.console = console;
        this.lines = lines;
    }

    @Override
    public synchronized void write(int octet) {
        console.write(octet);
        line.write(octet);
        if (octet == '\n') {
            handOver();
        }
    }

    @Override
    public void flush() {
        console.flush();
    }

    /** Hands over what there is of an unfinished line. */
    synchronized void handOver() {
        if (line.size() > 0) {
            lines.accept(line.toString(StandardCharsets.UTF_8));
            line.reset();
        }
    }
}
