package io.plano.web;

import io.plano.api.PlanoGateway;
import io.plano.config.ConfigHost;
import io.plano.config.ConfigWatcher;
import io.plano.failure.Vitals;
import io.plano.snapshot.GatewaySnapshot;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the gateway of a web application with it, and closes it when that stops. A missing or
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

    private @Nullable PlanoGateway gateway;
    private @Nullable Vitals ownVitals;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        if (!(context.getAttribute(VITALS_ATTRIBUTE) instanceof Vitals)) {
            ownVitals = Vitals.start();
            context.setAttribute(VITALS_ATTRIBUTE, ownVitals);
        }
        PlanoGateway.Builder builder =
                PlanoGateway.builder().vitals(vitals(context)).interval(interval(context));
        if (context.getAttribute(SNAPSHOT_ATTRIBUTE) instanceof GatewaySnapshot given) {
            // Whoever hands over a snapshot has opened the ports that its file names.
            builder.config(given).host(ConfigHost.OWN_SERVER);
        } else {
            locate(ConfigLocation.find(context, System.getenv()), builder);
        }
        PlanoGateway started = builder.start();
        gateway = started;
        new Gateway(started).publish(context);
    }

    static Vitals vitals(ServletContext context) {
        return context.getAttribute(VITALS_ATTRIBUTE) instanceof Vitals known ? known : Vitals.UNWATCHED;
    }

    private static void locate(ConfigLocation location, PlanoGateway.Builder builder) {
        Path file = location.file();
        if (file == null) {
            builder.noConfig("No configuration file. Looked at: " + String.join(", ", location.looked()) + ".");
            return;
        }
        log.info("Reading the configuration {} ({})", file, location.found());
        builder.config(file);
    }

    private static Duration interval(ServletContext context) {
        String millis = context.getInitParameter(INTERVAL_PARAMETER);
        return millis == null ? ConfigWatcher.INTERVAL : Duration.ofMillis(Long.parseLong(millis));
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        Gateway.withdraw(event.getServletContext());
        PlanoGateway closing = gateway;
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
