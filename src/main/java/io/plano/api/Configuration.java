package io.plano.api;

import io.plano.config.ConfigWatcher;
import io.plano.config.LoadResult;
import io.plano.config.yaml.ConfigProblem;
import io.plano.process.DescriptorBudget;
import io.plano.provider.Provider;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.Limits;
import io.plano.snapshot.SnapshotHolder;
import io.plano.snapshot.Source;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a gateway's configuration comes from, and what became of it. */
final class Configuration implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Configuration.class);

    private final SnapshotHolder snapshots;
    private @Nullable ConfigWatcher watcher;
    private volatile Readiness readiness;

    Configuration(PlanoGateway.Builder builder) {
        this.snapshots = builder.snapshots;
        this.readiness = new Readiness(Readiness.State.NOT_READY, builder.whyNone);
        GatewaySnapshot given = builder.given;
        if (given != null) {
            serve(given, builder);
        } else if (builder.file != null) {
            load(builder.file, builder);
        } else {
            log.error(builder.whyNone);
        }
        warnOfFewDescriptors();
    }

    private void serve(GatewaySnapshot given, PlanoGateway.Builder builder) {
        snapshots.replace(given);
        readiness = ready(given);
        Source.Origin origin = given.source().origin();
        if (origin != null) {
            ConfigWatcher follower = watcher(origin.file(), builder);
            follower.goOnFrom(origin);
            follower.start(builder.vitals);
        }
    }

    /** Loads the file and goes on looking at it: a valid change applies to the exchanges that open after it. */
    private void load(Path file, PlanoGateway.Builder builder) {
        ConfigWatcher started = watcher(file, builder);
        LoadResult result = started.load();
        for (ConfigProblem problem : result.problems()) {
            if (problem.isError()) {
                log.error("{}", problem);
            } else {
                log.warn("{}", problem);
            }
        }
        note(result, file);
        started.start(builder.vitals);
    }

    private ConfigWatcher watcher(Path file, PlanoGateway.Builder builder) {
        ConfigWatcher made = new ConfigWatcher(
                file, builder.environment, snapshots, result -> note(result, file), builder.host, builder.interval);
        watcher = made;
        return made;
    }

    private void note(LoadResult result, Path file) {
        GatewaySnapshot snapshot = result.snapshot();
        if (snapshot != null) {
            readiness = ready(snapshot);
        } else if (!readiness.isReady()) {
            readiness =
                    new Readiness(Readiness.State.NOT_READY, "The configuration " + file + " is invalid: see the log.");
        }
    }

    private static Readiness ready(GatewaySnapshot snapshot) {
        log.info(
                "Serving {} with providers {}",
                snapshot.source(),
                snapshot.providers().stream().map(Provider::name).collect(Collectors.joining(", ")));
        return new Readiness(Readiness.State.READY, snapshot.providers().size() + " providers");
    }

    /** Before there are connections: what is open now stays so. */
    private void warnOfFewDescriptors() {
        GatewaySnapshot snapshot = snapshots.current();
        DescriptorBudget budget = DescriptorBudget.ofProcess();
        int exchanges = (snapshot == null ? Limits.DEFAULT : snapshot.limits()).maxConcurrentExchanges();
        if (!budget.suffices(exchanges)) {
            log.warn(
                    "The limit of open files is {}: about {} requests can be served at the same time, and not the {} of"
                            + " overrides.max_concurrent_exchanges; more get 503. Raise the limit to {} (ulimit -n,"
                            + " LimitNOFILE=, nofile of the container)",
                    budget.limit(),
                    budget.connections(),
                    exchanges,
                    budget.needed(exchanges));
        }
    }

    Readiness readiness() {
        return readiness;
    }

    @Override
    public void close() {
        ConfigWatcher running = watcher;
        if (running != null) {
            running.close();
        }
    }
}
