package io.plano.web;

import jakarta.servlet.ServletContextListener;

/** The composition root: builds the object graph when the application starts, and closes it when it stops. */
public final class GatewayLifecycle implements ServletContextListener {
    /**
     * The context attribute under which whoever embeds the application hands over the {@link
     * io.plano.config.GatewaySnapshot} to serve; absent, the application looks for a configuration file itself.
     */
    public static final String SNAPSHOT_ATTRIBUTE = "io.plano.config.snapshot";
}
