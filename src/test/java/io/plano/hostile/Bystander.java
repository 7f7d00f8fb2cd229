package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A client who asks for a small answer again and again while somebody else attacks, over one connection as a client does:
 * one question as it goes on, one that has to be translated. Every answer must be right; the slowest is remembered. Runs on
 * a thread of its own until it is closed.
 */
final class Bystander implements AutoCloseable {
    private static final String CHAT =
            "{\"model\":\"plain\",\"messages\":[{\"role\":\"user\",\"content\":\"how are you?\"}]}";
    private static final String MESSAGES =
            "{\"model\":\"plain\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"how are you?\"}]}";

    private final int port;
    private final Thread thread = new Thread(this::ask, "bystander");
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean done;
    private volatile int answers;
    private volatile long slowestNanos;

    private Bystander(int port) {
        this.port = port;
    }

    static Bystander start(int port) {
        Bystander bystander = new Bystander(port);
        bystander.thread.start();
        return bystander;
    }

    private void ask() {
        int count = 0;
        while (!done) {
            try (RawClient client = RawClient.connect(port).patience(Duration.ofSeconds(20))) {
                for (int i = 0; i < 50 && !done; i++) {
                    long start = System.nanoTime();
                    expect(client, "/v1/chat/completions", CHAT);
                    expect(client, "/v1/messages", MESSAGES);
                    slowestNanos = Math.max(slowestNanos, System.nanoTime() - start);
                    count += 2;
                    answers = count;
                }
            } catch (RuntimeException | AssertionError failed) {
                failures.add(String.valueOf(failed));
                return;
            }
        }
    }

    private void expect(RawClient client, String path, String body) {
        RawResponse response = client.request("POST", path)
                .header("Authorization", "Bearer sk-bystander")
                .json(body)
                .exchange();
        String text = response.bodyText();
        if (response.status() != 200 || !text.contains(SmallHeapIT.WORDS)) {
            failures.add(response.status() + " " + text);
        }
    }

    int answers() {
        return answers;
    }

    /** Asks no more; every answer was right. */
    void assertServed() throws InterruptedException {
        done = true;
        thread.join(30_000);
        assertThat(failures).isEmpty();
        assertThat(answers).isPositive();
    }

    Duration slowest() {
        return Duration.ofNanos(slowestNanos);
    }

    @Override
    public void close() {
        done = true;
    }
}
