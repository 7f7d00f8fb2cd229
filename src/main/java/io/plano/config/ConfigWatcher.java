package io.plano.config;

import io.plano.config.tls.FileDigests;
import io.plano.config.yaml.ConfigProblem;
import io.plano.failure.Guard;
import io.plano.failure.Pulse;
import io.plano.failure.Vitals;
import io.plano.provider.Provider;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.SnapshotHolder;
import io.plano.snapshot.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies changes of the configuration file while the gateway runs. A valid file replaces the snapshot in the {@link
 * SnapshotHolder}; one with a mistake is logged and changes nothing (R79).
 *
 * <p>It looks at the file by name, once in {@link #INTERVAL}, and not at events of the file system: those do not exist
 * on every mount, and miss what happens behind a symbolic link. So an edit in place, an editor's rename and the swap of
 * a Kubernetes volume's link are one case. New content counts once two looks in a row, a fifth of that apart, found
 * it the same: half a written file may well be valid. The certificates and keys that the file names are looked at in
 * the same way.
 *
 * <p>One daemon thread runs it. {@link #load} or {@link #goOnFrom} is for whoever starts
 * it, before {@link #start}.
 */
public final class ConfigWatcher implements AutoCloseable {
    /** Between two looks. */
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Looks that wait for a writer to be done are closer together by this factor: 200 ms. */
    static final int SETTLE = 5;

    /** A file written within this time of its timestamp could be written again without the timestamp changing. */
    private static final Duration TIMESTAMP_GRAIN = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatcher.class);

    private final Path file;
    private final Map<String, String> environment;
    private final SnapshotHolder holder;
    private final Consumer<LoadResult> onReload;
    private final ConfigHost host;
    private final Duration interval;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread thread;
    private @Nullable Pulse pulse;

    private @Nullable FileDigests applied;
    private @Nullable FileDigests pending;
    private List<Stamp> stamps = List.of();
    private boolean unreadable;
    private boolean defective;

    /** What changes, as a rule, when a file does. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object fileKey) {
        /** What there is of a file that is named and cannot be looked at. */
        static final Stamp NONE = new Stamp(FileTime.fromMillis(0), -1, null);

        static Stamp of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }

        boolean isFresh() {
            return modified.toInstant().isAfter(Instant.now().minus(TIMESTAMP_GRAIN));
        }
    }

    /**
     * @param environment the variables that the file may name, now and after every change
     * @param onReload told what became of every change, valid or not, on the watcher's thread; of {@link #load} it is
     *     not told
     */
    public ConfigWatcher(
            Path file, Map<String, String> environment, SnapshotHolder holder, Consumer<LoadResult> onReload) {
        this(file, environment, holder, onReload, ConfigHost.OWN_SERVER, INTERVAL);
    }

    /**
     * As the other, with a pace of its own.
     *
     * @param host who runs the gateway
     * @param interval between two looks at a file that does not change
     */
    public ConfigWatcher(
            Path file,
            Map<String, String> environment,
            SnapshotHolder holder,
            Consumer<LoadResult> onReload,
            ConfigHost host,
            Duration interval) {
        this.host = host;
        this.interval = interval;
        this.file = file;
        this.environment = Map.copyOf(environment);
        this.holder = holder;
        this.onReload = onReload;
    }

    /** Loads the file now; a valid one is in the holder afterwards. Problems are the caller's to report. */
    public synchronized LoadResult load() {
        try {
            byte[] content = ConfigLoader.bytes(file);
            LoadResult result = ConfigLoader.read(file, content, environment, host);
            applied = new FileDigests(FileDigests.digest(content), result.files());
            replace(result.snapshot());
            return result;
        } catch (IOException e) {
            return ConfigLoader.unreadable(file, e);
        }
    }

    /** The file has been read already: this is what the holder's snapshot was made of. Before {@link #start}. */
    public synchronized void goOnFrom(Source.Origin origin) {
        applied = new FileDigests(origin.text(), origin.named());
    }

    /** Starts looking, until {@link #close}. */
    public void start() {
        start(Vitals.UNWATCHED);
    }

    /**
     * As the other.
     *
     * @param vitals watches the watcher
     */
    public synchronized void start(Vitals vitals) {
        if (thread != null) {
            throw new IllegalStateException("started already");
        }
        Pulse started = vitals.pulse("plano-config-watcher");
        pulse = started;
        Thread watcher = new Thread(started.guard(() -> run(started)), "plano-config-watcher");
        watcher.setDaemon(true);
        thread = watcher;
        watcher.start();
    }

    private void run(Pulse own) {
        try {
            Duration settle = interval.dividedBy(SETTLE);
            Duration pause = interval;
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                own.beat();
                pause = look() ? interval : settle;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks at the file once; false where it has changed and is to be looked at again soon. */
    synchronized boolean look() {
        try {
            return isUnchanged() || settle(ConfigLoader.bytes(file));
        } catch (IOException e) {
            reportUnreadable(e);
            return true;
        } catch (Throwable e) {
            reportDefect(e);
            return true;
        }
    }

    /** Once for a file: with the same content and the same memory it happens again, a second later. */
    private void reportDefect(Throwable defect) {
        if (defective) {
            return;
        }
        defective = true;
        Guard.quietly(() -> {
            if (defect instanceof Error) {
                LOG.error("configuration {}: cannot be applied ({}); the former one stays", file, defect.toString());
            } else {
                LOG.error("configuration {}: cannot be applied; the former one stays", file, defect);
            }
        });
    }

    private boolean isUnchanged() throws IOException {
        List<Stamp> now = new ArrayList<>();
        now.add(Stamp.of(file));
        for (Path named : namedFiles()) {
            now.add(stampOf(named));
        }
        boolean same = now.equals(stamps) && pending == null && now.stream().noneMatch(Stamp::isFresh);
        stamps = now;
        return same;
    }

    /** Certificates are renewed without the configuration being touched. */
    private Set<Path> namedFiles() {
        return applied == null ? Set.of() : applied.files().keySet();
    }

    private static Stamp stampOf(Path named) {
        try {
            return Stamp.of(named);
        } catch (IOException e) {
            return Stamp.NONE;
        }
    }

    private boolean settle(byte[] content) {
        unreadable = false;
        FileDigests now = FileDigests.now(content, namedFiles());
        if (now.equals(applied)) {
            pending = null;
            defective = false;
            return true;
        }
        if (!now.equals(pending)) {
            pending = now;
            return false;
        }
        pending = null;
        LoadResult result = ConfigLoader.read(file, content, environment, host);
        applied = new FileDigests(FileDigests.digest(content), result.files());
        apply(result);
        onReload.accept(result);
        defective = false;
        return true;
    }

    private void apply(LoadResult result) {
        GatewaySnapshot former = holder.current();
        GatewaySnapshot latter = result.snapshot();
        result.problems().forEach(problem -> log(problem));
        if (latter == null) {
            LOG.error("configuration {}: has errors; the former one stays", file);
            return;
        }
        replace(latter);
        List<Provider> before = former == null ? List.of() : former.providers();
        LOG.info("configuration {}: applied; {}", file, ProviderChanges.between(before, latter.providers()));
    }

    private static void log(ConfigProblem problem) {
        if (problem.isError()) {
            LOG.error("{}", problem);
        } else {
            LOG.warn("{}", problem);
        }
    }

    private void replace(@Nullable GatewaySnapshot snapshot) {
        if (snapshot != null) {
            holder.replace(snapshot);
        }
    }

    private void reportUnreadable(IOException cause) {
        stamps = List.of();
        pending = null;
        if (!unreadable) {
            unreadable = true;
            Guard.quietly(() -> LOG.warn(
                    "configuration {}: cannot be read ({}); the former one stays",
                    file,
                    cause.getClass().getSimpleName()));
        }
    }

    /** Stops looking, and waits for a look that is under way. */
    @Override
    public void close() {
        closed.countDown();
        Thread running;
        synchronized (this) {
            running = thread;
            if (pulse != null) {
                pulse.close();
            }
        }
        try {
            if (running != null && running != Thread.currentThread()) {
                running.join(TimeUnit.SECONDS.toMillis(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
