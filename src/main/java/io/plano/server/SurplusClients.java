package io.plano.server;

import io.plano.failure.Vitals;
import io.plano.web.Health;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Answers clients for whom there is no room, and closes. They get 503, all but a probe that asks for {@link Health#PATH}:
 * refused for the load that there is, it would have the process restarted in the middle of it.
 *
 * <p>Of a request no more is read than it takes to see that it is no such probe, as a rule a single byte, and it is waited for
 * only a moment; so this is no way in for those who are not admitted. Safe for every thread; nothing blocks.
 */
final class SurplusClients implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 20;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final String HEAD_END = "\r\n\r\n";
    private static final String REFUSAL = answer(503, "Retry-After: 1\r\n", ErrorBody.of(503));

    private final Scheduler scheduler;
    private final Vitals vitals;
    private final LingeringClose lingering;
    private final Set<SocketChannel> asked = ConcurrentHashMap.newKeySet();
    private volatile boolean over;
    private volatile Runnable onRefusal = () -> {};

    SurplusClients(Scheduler scheduler, Vitals vitals, LingeringClose lingering) {
        this.scheduler = scheduler;
        this.vitals = vitals;
        this.lingering = lingering;
    }

    /** Who is to hear of every client that is refused. */
    void tell(Runnable listener) {
        onRefusal = listener;
    }

    /** What a client wants, as far as that can be seen. */
    private enum Wish {
        UNKNOWN(""),
        HEALTH("GET " + Health.PATH),
        HEALTH_HEAD("HEAD " + Health.PATH),
        SERVICE("");

        private static final List<Wish> PROBES = List.of(HEALTH, HEALTH_HEAD);

        /** Of the longest request line that has to be told from others, with the byte behind its path. */
        private static final int MOST_BYTES = HEALTH_HEAD.line.length + 1;

        private final byte[] line;

        Wish(String line) {
            this.line = line.getBytes(StandardCharsets.US_ASCII);
        }

        /** @param head what has come, up to its position */
        static Wish of(ByteBuffer head) {
            for (Wish probe : PROBES) {
                int known = Math.min(head.position(), probe.line.length);
                if (ByteBuffer.wrap(probe.line, 0, known)
                        .equals(head.duplicate().flip().limit(known))) {
                    return head.position() <= known ? UNKNOWN : endsPath(head.get(known)) ? probe : SERVICE;
                }
            }
            return SERVICE;
        }

        private static boolean endsPath(byte next) {
            return next == ' ' || next == '?';
        }
    }

    /** Answers it as soon as it is known what it asks for. The channel is this one's from now on. */
    void answer(SocketChannel channel) {
        asked.add(channel);
        try {
            channel.configureBlocking(false);
            look(channel, ByteBuffer.allocate(Wish.MOST_BYTES), System.nanoTime());
        } catch (IOException | RuntimeException | Error gone) {
            end(channel);
        }
    }

    /** Its thread looks after others as well. */
    private void lookAgain(SocketChannel channel, ByteBuffer head, long sinceNanos) {
        try {
            look(channel, head, sinceNanos);
        } catch (IOException | RuntimeException | Error gone) { // nobody would look again
            end(channel);
        }
    }

    private void look(SocketChannel channel, ByteBuffer head, long sinceNanos) throws IOException {
        boolean finished = channel.read(head) < 0;
        Wish wish = Wish.of(head);
        if (wish == Wish.UNKNOWN && !finished && !over && System.nanoTime() - sinceNanos < PATIENCE_NANOS) {
            scheduler.schedule(() -> lookAgain(channel, head, sinceNanos), INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        String answer = switch (wish) {
            case HEALTH -> health();
            case HEALTH_HEAD -> withoutBody(health());
            case UNKNOWN, SERVICE -> refusal();
        };
        asked.remove(channel);
        int unused = channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8))); // fits a new socket
        lingering.closeSoon(channel);
    }

    private String refusal() {
        onRefusal.run();
        return REFUSAL;
    }

    private static String withoutBody(String answer) {
        return answer.substring(0, answer.indexOf(HEAD_END) + HEAD_END.length());
    }

    private String health() {
        Health health = Health.of(vitals);
        return answer(health.status(), "", new String(health.body(), StandardCharsets.UTF_8));
    }

    private static String answer(int status, String line, String body) {
        return "HTTP/1.1 " + status + " " + HttpStatus.getMessage(status) + "\r\nContent-Type: " + ErrorBody.MEDIA_TYPE
                + "\r\nContent-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n" + line
                + "Cache-Control: no-store\r\nConnection: close" + HEAD_END + body;
    }

    private void end(SocketChannel channel) {
        asked.remove(channel);
        lingering.closeNow(channel);
    }

    /** Closes those that have not been answered. */
    @Override
    public void close() {
        over = true;
        asked.forEach(this::end);
    }
}
