package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plano.config.ConfigHost;
import io.plano.config.ConfigWatcher;
import io.plano.failure.Vitals;
import io.plano.observe.AccessLog;
import io.plano.observe.ExchangeRecord;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.SnapshotHolder;
import io.plano.testing.Await;
import io.plano.usage.TokenUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("9.1: loops that must live do, whatever one of their tasks throws")
class ErrorInLoopTest {
    private static ExchangeRecord record(String id) {
        return new ExchangeRecord(
                id,
                "GET",
                "/",
                null,
                null,
                null,
                null,
                "none",
                0,
                200,
                null,
                0,
                0,
                TokenUsage.NOT_TOLD,
                -1,
                1,
                "complete");
    }

    @Test
    void theLogsWriterLosesWhatItCouldNotWriteAndSaysHowMuch() throws Exception {
        for (Supplier<Error> error : Failings.ALL) {
            BlockingQueue<String> written = new LinkedBlockingQueue<>();
            boolean[] thrown = {false};
            try (Vitals vitals = Vitals.start();
                    AccessLog log = new AccessLog(
                            Clock.systemUTC(),
                            lines -> {
                                if (!thrown[0]) {
                                    thrown[0] = true;
                                    throw error.get();
                                }
                                written.add(lines);
                            },
                            vitals)) {
                log.closed(record("first"));
                Await.until(Duration.ofSeconds(10), () -> "no line was tried", () -> thrown[0]);
                log.closed(record("second"));
                String lines = written.poll(10, TimeUnit.SECONDS);

                assertThat(lines + written.poll(1, TimeUnit.SECONDS))
                        .contains("id=second")
                        .contains("dropped=1");
                assertThat(vitals.complaint()).isNull();
            }
        }
    }

    @Test
    void whatCannotBeFormedIsLostAndTakesNoPlaceInTheLogsQueue() throws Exception {
        BlockingQueue<String> written = new LinkedBlockingQueue<>();
        boolean[] faulty = {true};
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                if (faulty[0]) {
                    throw new OutOfMemoryError("thrown by a test");
                }
                return Instant.EPOCH;
            }
        };
        try (AccessLog log = new AccessLog(clock, written::add)) {
            for (int i = 0; i < 100_001; i++) { // more than the queue takes
                assertThatThrownBy(() -> log.closed(record("lost"))).isInstanceOf(OutOfMemoryError.class);
            }
            faulty[0] = false;
            log.closed(record("next"));

            assertThat(written.poll(10, TimeUnit.SECONDS)).contains("id=next");
        }
    }

    @Test
    void theConfigurationsWatcherGoesOnThoughItCannotSayWhatItFound(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("plano.yaml"), yaml("start"));
        SnapshotHolder holder = new SnapshotHolder();
        try (FaultyLog log = FaultyLog.of(ConfigWatcher.class);
                Vitals vitals = Vitals.start();
                ConfigWatcher watcher = new ConfigWatcher(
                        file, Map.of(), holder, result -> {}, ConfigHost.CONTAINER, Duration.ofMillis(50))) {
            watcher.load();
            watcher.start(vitals);
            for (int i = 1; i <= FaultyLog.faults(); i++) {
                int lines = log.lines().size();
                Files.delete(file); // of which it wants to tell
                Await.until(
                        Duration.ofSeconds(10),
                        () -> "not told",
                        () -> log.lines().size() > lines);
                String model = "model-" + i;
                Files.writeString(file, yaml(model));
                Await.until(Duration.ofSeconds(10), () -> model + " was not applied", () -> serves(holder, model));
            }
            assertThat(vitals.complaint()).isNull();
        }
    }

    private static String yaml(String model) {
        return "version: v0.4.0\nlisteners: [{type: model, name: m, port: 12000}]\nmodel_providers:\n"
                + "  - {model: openai/" + model + ", passthrough_auth: true}\n";
    }

    @Test
    void theConfigurationsWatcherAppliesTheNextChange(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("plano.yaml"), yaml("start"));
        SnapshotHolder holder = new SnapshotHolder();
        List<Error> thrown = new CopyOnWriteArrayList<>();
        try (Vitals vitals = Vitals.start();
                ConfigWatcher watcher = new ConfigWatcher(
                        file,
                        Map.of(),
                        holder,
                        result -> {
                            if (thrown.size() < Failings.ALL.size()) {
                                Error error = Failings.ALL.get(thrown.size()).get();
                                thrown.add(error);
                                throw error;
                            }
                        },
                        ConfigHost.CONTAINER,
                        Duration.ofMillis(50))) {
            watcher.load();
            watcher.start(vitals);
            for (String model : List.of("a", "bb", "ccc", "dddd")) {
                Files.writeString(file, yaml(model));
                Await.until(Duration.ofSeconds(10), () -> model + " was not applied", () -> serves(holder, model));
            }
            assertThat(thrown).hasSize(Failings.ALL.size());
            assertThat(vitals.complaint()).isNull();
        }
    }

    private static boolean serves(SnapshotHolder holder, String model) {
        GatewaySnapshot snapshot = Objects.requireNonNull(holder.current());
        return model.equals(snapshot.providers().get(0).model());
    }
}
