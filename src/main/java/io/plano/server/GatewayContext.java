package io.plano.server;

import io.plano.snapshot.GatewaySnapshot;
import io.plano.web.AuthPassthroughFilter;
import io.plano.web.GatewayLifecycle;
import io.plano.web.ProxyServlet;
import io.plano.web.StatusServlet;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Servlet;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/**
 * The web application as {@code web.xml} declares it, registered by hand: reading the descriptor would need Jetty's
 * deployment modules and most of the start-up time. A test keeps the two alike.
 */
final class GatewayContext extends ServletContextHandler {
    private final DispatchMode mode;

    /** Without the application: the settings alone. */
    GatewayContext(DispatchMode mode) {
        super("/", NO_SESSIONS | NO_SECURITY);
        this.mode = mode;
        setDisplayName("Plano Gateway");
        setErrorHandler(new ApplicationErrors());
        getServletHandler().setEnsureDefaultServlet(false);
        // Paths go upstream as they came. The gateway refuses by itself what is not safe to forward.
        getServletHandler().setDecodeAmbiguousURIs(true);
    }

    /** The application at {@code /}, serving that snapshot once it is started. */
    static GatewayContext of(GatewaySnapshot snapshot, DispatchMode mode) {
        GatewayContext context = new GatewayContext(mode);
        context.setAttribute(GatewayLifecycle.SNAPSHOT_ATTRIBUTE, snapshot);
        context.register();
        return context;
    }

    private void register() {
        addEventListener(new GatewayLifecycle());
        FilterHolder filter = new FilterHolder(AuthPassthroughFilter.class);
        filter.setName("AuthPassthroughFilter");
        filter.setAsyncSupported(true);
        addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
        ServletHolder status = servlet("StatusServlet", StatusServlet.class);
        addServlet(status, "/healthz");
        addServlet(status, "/readyz");
        ServletHolder proxy = servlet("ProxyServlet", ProxyServlet.class);
        proxy.setInitOrder(1);
        addServlet(proxy, "/*");
    }

    private static ServletHolder servlet(String name, Class<? extends Servlet> type) {
        ServletHolder holder = new ServletHolder(name, type);
        holder.setAsyncSupported(true);
        return holder;
    }

    /** What makes a selector call the application itself instead of looking for another thread to do so. */
    @Override
    public InvocationType getInvocationType() {
        return mode == DispatchMode.INLINE ? InvocationType.NON_BLOCKING : InvocationType.BLOCKING;
    }
}
