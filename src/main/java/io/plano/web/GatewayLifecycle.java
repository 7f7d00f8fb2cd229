package io.plano.web;

import io.plano.config.ConfigHost;
import io.plano.config.ConfigWatcher;
import io.plano.config.LoadResult;
import io.plano.config.yaml.ConfigProblem;
import io.plano.failure.Vitals;
import io.plano.process.DescriptorBudget;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.Limits;
import io.plano.snapshot.SnapshotHolder;
import io.plano.snapshot.Source;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: builds the object graph when the application starts, and closes it when it stops. A missing or
 * invalid configuration does not keep the application from starting; {@code /readyz} then says what to do.
 */
public final class GatewayLifecycle implements ServletContextListener {
    /**
     * The context attribute under which whoever embeds the application hands over the {@link GatewaySnapshot} to serve;
     * absent, the application looks for a configuration file itself. If it came from a file, changes of that are followed.
     */
    public static final String SNAPSHOT_ATTRIBUTE = "io.plano.config.snapshot";

    /**
     * The context parameter with the time between two looks at the configuration file, in milliseconds; absent, a second.
     * For tests, which cannot wait for a hundred changes at that pace.
     */
    public static final String INTERVAL_PARAMETER = "plano.config.interval";

    /** The context attribute under which whoever embeds the application hands over its {@link Vitals}, to be shared. */
    public static final String VITALS_ATTRIBUTE = "io.plano.failure.vitals";

    private static final Logger log = LoggerFactory.getLogger(GatewayLifecycle.class);

    private @Nullable Gateway gateway;
    private @Nullable Vitals ownVitals;
    private @Nullable ConfigWatcher watcher;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        SnapshotHolder snapshots = new SnapshotHolder();
        if (!(context.getAttribute(VITALS_ATTRIBUTE) instanceof Vitals)) {
            ownVitals = Vitals.start();
            context.setAttribute(VITALS_ATTRIBUTE, ownVitals);
        }
        if (context.getAttribute(SNAPSHOT_ATTRIBUTE) instanceof GatewaySnapshot given) {
            snapshots.replace(given);
            ready(given).publish(context);
            Source.Origin origin = given.source().origin();
            if (origin != null) {
                ConfigWatcher follower = watcher(origin.file(), context, snapshots);
                follower.goOnFrom(origin);
                follower.start(vitals(context));
            }
        } else {
            load(ConfigLocation.find(context, System.getenv()), context, snapshots);
        }
        warnOfFewDescriptors(snapshots.current());
        Gateway started = Gateway.start(snapshots, vitals(context));
        gateway = started;
        started.publish(context);
    }

    static Vitals vitals(ServletContext context) {
        return context.getAttribute(VITALS_ATTRIBUTE) instanceof Vitals known ? known : Vitals.UNWATCHED;
    }

    /** Before there are connections: what is open now stays so. */
    private static void warnOfFewDescriptors(@Nullable GatewaySnapshot snapshot) {
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

    private void load(ConfigLocation location, ServletContext context, SnapshotHolder snapshots) {
        Path file = location.file();
        if (file == null) {
            String message = "No configuration file. Looked at: " + String.join(", ", location.looked()) + ".";
            log.error(message);
            new Readiness(Readiness.State.NOT_READY, message).publish(context);
            return;
        }
        log.info("Reading the configuration {} ({})", file, location.found());
        LoadResult result = follow(file, context, snapshots);
        for (ConfigProblem problem : result.problems()) {
            if (problem.isError()) {
                log.error("{}", problem);
            } else {
                log.warn("{}", problem);
            }
        }
        publish(result, file, context);
    }

    /** Loads the file and goes on looking at it: a valid change applies to the exchanges that open after it. */
    private LoadResult follow(Path file, ServletContext context, SnapshotHolder snapshots) {
        ConfigWatcher started = watcher(file, context, snapshots);
        LoadResult result = started.load();
        started.start(vitals(context));
        return result;
    }

    private ConfigWatcher watcher(Path file, ServletContext context, SnapshotHolder snapshots) {
        ConfigWatcher made = new ConfigWatcher(
                file,
                System.getenv(),
                snapshots,
                result -> publish(result, file, context),
                host(context),
                interval(context));
        watcher = made;
        return made;
    }

    /** Whoever hands over a snapshot has opened the ports that its file names. */
    private static ConfigHost host(ServletContext context) {
        return context.getAttribute(SNAPSHOT_ATTRIBUTE) == null ? ConfigHost.CONTAINER : ConfigHost.OWN_SERVER;
    }

    private static Duration interval(ServletContext context) {
        String millis = context.getInitParameter(INTERVAL_PARAMETER);
        return millis == null ? ConfigWatcher.INTERVAL : Duration.ofMillis(Long.parseLong(millis));
    }

    private static void publish(LoadResult result, Path file, ServletContext context) {
        GatewaySnapshot snapshot = result.snapshot();
        if (snapshot != null) {
            ready(snapshot).publish(context);
        } else if (!Readiness.of(context).isReady()) {
            new Readiness(Readiness.State.NOT_READY, "The configuration " + file + " is invalid: see the log.")
                    .publish(context);
        }
    }

    private static Readiness ready(GatewaySnapshot snapshot) {
        log.info(
                "Serving {} with providers {}",
                snapshot.source(),
                snapshot.providers().stream().map(provider -> provider.name()).collect(Collectors.joining(", ")));
        return new Readiness(Readiness.State.READY, snapshot.providers().size() + " providers");
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        Gateway.withdraw(event.getServletContext());
        ConfigWatcher running = watcher;
        if (running != null) {
            running.close();
        }
        Gateway closing = gateway;
        if (closing != null) {
            closing.close();
        }
        if (ownVitals != null) {
            ownVitals.close();
            event.getServletContext().removeAttribute(VITALS_ATTRIBUTE);
        }
        RecordMethods.forgetLastTypes();
    }
}
