package io.plano.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.usage.TokenUsage;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, unit = TimeUnit.SECONDS)
class AccessLogTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-05T06:07:08.009Z"), ZoneOffset.UTC);

    private final List<String> written = new CopyOnWriteArrayList<>();

    private static ExchangeRecord record(
            String method, String path, @Nullable String model, long requestBytes, long firstByteNanos) {
        return record(method, path, model, requestBytes, TokenUsage.NOT_TOLD, firstByteNanos);
    }

    private static ExchangeRecord record(
            String method,
            String path,
            @Nullable String model,
            long requestBytes,
            TokenUsage usage,
            long firstByteNanos) {
        return new ExchangeRecord(
                "id-1",
                method,
                path,
                model,
                model,
                "p",
                null,
                "x-api-key",
                1,
                200,
                null,
                requestBytes,
                7,
                usage,
                firstByteNanos,
                12_345_678,
                "complete");
    }

    private List<String> lines(ExchangeRecord... records) {
        try (AccessLog log = new AccessLog(CLOCK, written::add)) {
            for (ExchangeRecord record : records) {
                log.closed(record);
            }
        }
        return written.stream()
                .flatMap(batch -> List.of(batch.split("\n", -1)).stream())
                .toList();
    }

    @Test
    void writesEveryField() {
        TokenUsage usage = new TokenUsage(1200, 34, 0, TokenUsage.UNKNOWN, 12);
        assertThat(lines(record("POST", "/v1/messages", "m", 5, usage, 1_020_000)))
                .containsExactly(
                        "2026-11-05T06:07:08.009Z id=id-1 method=POST path=/v1/messages model=m upstream_model=m provider=p translated=- credential=x-api-key attempts=1 status=200 upstream_id=- in=5 out=7 in_tokens=1200 out_tokens=34 cached_tokens=0 ttfb_ms=1.02 ms=12.34 end=complete");
    }

    @Test
    void marksWhatIsNotKnown() {
        assertThat(lines(record("GET", "/", null, -1, -1)).get(0))
                .contains(" model=- ", " in=-1 ", " in_tokens=- out_tokens=- cached_tokens=- ", " ttfb_ms=- ");
    }

    @Test
    void makesClientTextHarmless() {
        List<String> lines = lines(
                record("GE\nT", "/a\r\nb c\u0085d\u2028e\u001b[31m\"f\u00e9", "m\u0000 status=500\n2026 id=x", 0, 0));
        assertThat(lines)
                .singleElement()
                .asString()
                .matches("[!-~]+( [!-~]+){19}")
                .contains("method=GE?T ", "path=/a??b?c?d?e?[31m?f? ", "model=m??status=500?2026?id=x ");
    }

    @Test
    void cutsLongValuesShort() {
        assertThat(lines(record("POST", "/" + "x".repeat(10_000), "y".repeat(10_000), 0, 0))
                        .get(0))
                .hasSizeLessThan(900);
    }

    @Test
    void writesManyLinesAtOnceAndLosesNoneAtTheEnd() {
        ExchangeRecord[] records = new ExchangeRecord[5_000];
        java.util.Arrays.fill(records, record("POST", "/", "m", 0, 0));
        assertThat(lines(records)).hasSize(5_000);
        assertThat(written).hasSizeLessThan(100);
    }

    @Test
    void countsWhatItDropsBehindASlowWriter() throws InterruptedException {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        try (AccessLog log = new AccessLog(CLOCK, batch -> {
            written.add(batch);
            writing.countDown();
            awaitQuietly(blocked);
        })) {
            log.closed(record("POST", "/first", "m", 0, 0));
            writing.await();
            for (int i = 0; i < 100_010; i++) {
                log.closed(record("POST", "/", "m", 0, 0));
            }
            blocked.countDown();
        }
        assertThat(written.get(written.size() - 1)).endsWith("\ndropped=10");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }
}
