package io.plano.web;

import io.plano.config.ConfigLoader;
import io.plano.config.ConfigProblem;
import io.plano.config.GatewaySnapshot;
import io.plano.config.LoadResult;
import io.plano.config.SnapshotHolder;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.nio.file.Path;
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
     * absent, the application looks for a configuration file itself.
     */
    public static final String SNAPSHOT_ATTRIBUTE = "io.plano.config.snapshot";

    private static final Logger log = LoggerFactory.getLogger(GatewayLifecycle.class);

    private @Nullable Gateway gateway;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        SnapshotHolder snapshots = new SnapshotHolder();
        if (context.getAttribute(SNAPSHOT_ATTRIBUTE) instanceof GatewaySnapshot given) {
            snapshots.replace(given);
            ready(given).publish(context);
        } else {
            load(ConfigLocation.find(context, System.getenv()), snapshots).publish(context);
        }
        Gateway started = Gateway.start(snapshots);
        gateway = started;
        started.publish(context);
    }

    private static Readiness load(ConfigLocation location, SnapshotHolder snapshots) {
        Path file = location.file();
        if (file == null) {
            String message = "No configuration file. Looked at: " + String.join(", ", location.looked()) + ".";
            log.error(message);
            return new Readiness(Readiness.State.NOT_READY, message);
        }
        log.info("Reading the configuration {} ({})", file, location.found());
        LoadResult result = ConfigLoader.load(file, System.getenv());
        for (ConfigProblem problem : result.problems()) {
            if (problem.isError()) {
                log.error("{}", problem);
            } else {
                log.warn("{}", problem);
            }
        }
        GatewaySnapshot snapshot = result.snapshot();
        if (snapshot == null) {
            return new Readiness(Readiness.State.NOT_READY, "The configuration " + file + " is invalid: see the log.");
        }
        snapshots.replace(snapshot);
        return ready(snapshot);
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
        Gateway running = gateway;
        if (running != null) {
            running.close();
        }
    }
}
