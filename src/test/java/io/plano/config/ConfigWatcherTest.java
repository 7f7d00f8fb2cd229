package io.plano.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.Provider;
import io.plano.provider.TlsSettings;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.SnapshotHolder;
import io.plano.snapshot.Source;
import io.plano.testing.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatcherTest {
    @TempDir
    Path directory;

    private final SnapshotHolder holder = new SnapshotHolder();
    private final List<LoadResult> reloads = new CopyOnWriteArrayList<>();
    private Path file;
    private ConfigWatcher watcher;

    @BeforeEach
    void loadTheFirst() throws IOException {
        file = directory.resolve("plano.yaml");
        Files.writeString(file, serving("first"));
        watcher = new ConfigWatcher(file, Map.of(), holder, reloads::add);
        assertThat(watcher.load().isValid()).isTrue();
        assertThat(served()).isEqualTo("first");
    }

    private static String serving(String model) {
        return Configs.providers("{model: openai/" + model + ", passthrough_auth: true}");
    }

    private @Nullable String served() {
        GatewaySnapshot snapshot = holder.current();
        return snapshot == null ? null : snapshot.providers().get(0).model();
    }

    /** As the thread does: looks, and looks again soon where something has changed. */
    private void lookUntilSettled() {
        for (int i = 0; i < 10 && !watcher.look(); i++) {
            assertThat(i).isLessThan(9);
        }
    }

    @Test
    void appliesAnEditInPlace() throws IOException {
        Files.writeString(file, serving("second"));

        lookUntilSettled();

        assertThat(served()).isEqualTo("second");
    }

    @Test
    void goesOnFromWhatWasReadBefore() throws IOException {
        LoadResult loaded = ConfigLoader.load(file, Map.of());
        GatewaySnapshot snapshot = Objects.requireNonNull(loaded.snapshot());
        Source.Origin origin = Objects.requireNonNull(snapshot.source().origin());
        assertThat(origin.file()).isEqualTo(file);
        SnapshotHolder other = new SnapshotHolder();
        other.replace(snapshot);
        try (ConfigWatcher follower = new ConfigWatcher(file, Map.of(), other, reloads::add)) {
            follower.goOnFrom(origin);
            assertThat(follower.look()).isTrue();
            assertThat(reloads).as("read once").isEmpty();
            assertThat(other.current()).isSameAs(snapshot);

            Files.writeString(file, serving("second"));
            assertThat(follower.look()).isFalse();
            assertThat(follower.look()).isTrue();
            assertThat(Objects.requireNonNull(other.current())
                            .providers()
                            .get(0)
                            .model())
                    .isEqualTo("second");
        }
    }

    @Test
    void appliesARename() throws IOException {
        Path draft = Files.writeString(directory.resolve("draft"), serving("second"));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        lookUntilSettled();

        assertThat(served()).isEqualTo("second");
    }

    @Test
    void appliesTheSwapOfAVolumesLink() throws IOException {
        Path one = Files.createDirectory(directory.resolve("..one"));
        Path two = Files.createDirectory(directory.resolve("..two"));
        Files.writeString(one.resolve("c.yaml"), serving("first"));
        Files.writeString(two.resolve("c.yaml"), serving("second"));
        Path data = Files.createSymbolicLink(directory.resolve("..data"), Path.of("..one"));
        Path mounted = Files.createSymbolicLink(directory.resolve("c.yaml"), Path.of("..data", "c.yaml"));
        watcher = new ConfigWatcher(mounted, Map.of(), holder, reloads::add);
        watcher.load();

        Path next = Files.createSymbolicLink(directory.resolve("..next"), Path.of("..two"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        lookUntilSettled();

        assertThat(served()).isEqualTo("second");
    }

    @Test
    void appliesARenewedCertificateAlthoughTheFileThatNamesItIsTheSame() throws IOException {
        Path first = TestKeys.make(directory, "one", "EC", "dns:localhost").certificate();
        Path second = TestKeys.make(directory, "two", "EC", "dns:localhost").certificate();
        Path named = directory.resolve("ca.pem");
        Files.writeString(file, Configs.providers("{model: openai/a, access_key: k, tls: {ca: ca.pem}}"));
        lookUntilSettled();
        assertThat(served()).as("a file that is not there yet").isEqualTo("first");

        Files.copy(first, named);
        lookUntilSettled();
        TlsSettings before = tls();
        Files.copy(second, named, StandardCopyOption.REPLACE_EXISTING);
        lookUntilSettled();

        assertThat(before).isNotEqualTo(TlsSettings.DEFAULT);
        assertThat(tls()).isNotEqualTo(TlsSettings.DEFAULT).isNotEqualTo(before);
        assertThat(reloads).hasSize(3);
    }

    private TlsSettings tls() {
        GatewaySnapshot snapshot = holder.current();
        assertThat(snapshot).isNotNull();
        return snapshot.providers().get(0).transport().tls();
    }

    @Test
    void waitsUntilAWriterIsDone() throws IOException {
        Files.writeString(file, serving("half"));
        assertThat(watcher.look()).isFalse();
        assertThat(served()).isEqualTo("first");

        Files.writeString(file, serving("whole"));
        assertThat(watcher.look()).isFalse();
        assertThat(served()).isEqualTo("first");

        assertThat(watcher.look()).isTrue();
        assertThat(served()).isEqualTo("whole");
    }

    @Test
    void keepsWhatItHasWhereTheNewFileIsWrong() throws IOException {
        GatewaySnapshot former = holder.current();
        Files.writeString(file, "model_providers: [{}]");

        lookUntilSettled();

        assertThat(holder.current()).isSameAs(former);
        Files.writeString(file, serving("mended"));
        lookUntilSettled();
        assertThat(served()).isEqualTo("mended");
        assertThat(reloads).extracting(LoadResult::isValid).containsExactly(false, true);
    }

    @Test
    void keepsWhatItHasWhileThereIsNoFile() throws IOException {
        Files.delete(file);
        assertThat(watcher.look()).isTrue();
        assertThat(watcher.look()).isTrue();
        assertThat(served()).isEqualTo("first");

        Files.writeString(file, serving("back"));
        lookUntilSettled();
        assertThat(served()).isEqualTo("back");
    }

    @Test
    void leavesASnapshotAloneWhereOnlyTheTimestampChanges() throws IOException {
        GatewaySnapshot former = holder.current();
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));

        lookUntilSettled();
        lookUntilSettled();

        assertThat(holder.current()).isSameAs(former);
    }

    @Test
    void noticesAChangeOfTheSameSizeWithinTheSameInstant() throws IOException {
        FileTime now = Files.getLastModifiedTime(file);
        lookUntilSettled();
        Files.writeString(file, serving("later"));
        Files.setLastModifiedTime(file, now);

        lookUntilSettled();

        assertThat(served()).isEqualTo("later");
    }

    @Test
    void loadsAFileThatComesLater() throws IOException {
        Path later = directory.resolve("later.yaml");
        SnapshotHolder empty = new SnapshotHolder();
        watcher = new ConfigWatcher(later, Map.of(), empty, reloads::add);
        assertThat(watcher.load().isValid()).isFalse();
        assertThat(empty.current()).isNull();

        Files.writeString(later, serving("late"));
        lookUntilSettled();

        assertThat(empty.current()).isNotNull();
    }

    @Test
    void noticesWithinTwoSecondsAndLeavesNoThread() throws Exception {
        watcher.start();
        try {
            Files.writeString(file, serving("second"));
            long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            while ("first".equals(served()) && System.nanoTime() < deadline) {
                Thread.sleep(10);
            }
            assertThat(served()).isEqualTo("second");
        } finally {
            watcher.close();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("plano-config-watcher");
    }

    @Test
    void namesTheProvidersThatChanged() {
        List<Provider> before = Configs.valid(Configs.providers(
                        "{model: openai/a, access_key: k}",
                        "{model: openai/b, access_key: k}",
                        "{model: openai/c, passthrough_auth: true, client_credential_pattern: x}"))
                .providers();
        List<Provider> after = Configs.valid(Configs.providers(
                        "{model: openai/b, access_key: other}",
                        "{model: openai/c, passthrough_auth: true, client_credential_pattern: x}",
                        "{model: openai/d, access_key: k}"))
                .providers();

        assertThat(ProviderChanges.between(before, after))
                .hasToString("providers added [openai/d], removed [openai/a], changed [openai/b]");
        assertThat(ProviderChanges.between(before, before)).hasToString("providers unchanged");
    }
}
