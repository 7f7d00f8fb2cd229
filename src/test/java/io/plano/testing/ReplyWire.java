package io.plano.testing;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** Plays one {@link Reply} on one connection: cuts its writes into pieces and stops at its marks. One thread. */
final class ReplyWire {
    private final UpstreamConnection connection;
    private final Reply reply;
    private final TreeMap<Long, Reply.Step> marksAhead;
    private long written;
    private boolean over;

    ReplyWire(UpstreamConnection connection, Reply reply) {
        this.connection = connection;
        this.reply = reply;
        this.marksAhead = new TreeMap<>(reply.marks());
    }

    /** Plays all steps; false when the script ended the connection. */
    boolean play() throws IOException, InterruptedException {
        for (Reply.Step step : reply.steps()) {
            if (!over) {
                step.play(this);
            }
        }
        while (!over && !marksAhead.isEmpty()) {
            marksAhead.pollFirstEntry().getValue().play(this);
        }
        if (!over && reply.endsConnection()) {
            close();
        }
        return !over;
    }

    boolean isOver() {
        return over;
    }

    void write(byte[] bytes) throws IOException, InterruptedException {
        int from = 0;
        playMarks();
        while (!over && from < bytes.length) {
            int length = Math.min(reply.pieceLength(), bytes.length - from);
            if (!marksAhead.isEmpty()) {
                length = (int) Math.min(length, marksAhead.firstKey() - written);
            }
            connection.write(bytes, from, length);
            from += length;
            written += length;
            playMarks();
        }
    }

    void stall() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    void close() throws IOException {
        over = true;
        connection.finish();
    }

    void reset() throws IOException {
        over = true;
        connection.reset();
    }

    private void playMarks() throws IOException, InterruptedException {
        while (!over && !marksAhead.isEmpty() && marksAhead.firstKey() == written) {
            Map.Entry<Long, Reply.Step> mark = marksAhead.pollFirstEntry();
            mark.getValue().play(this);
        }
    }
}
