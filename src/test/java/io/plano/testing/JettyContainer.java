package io.plano.testing;

import jakarta.servlet.ServletContext;
import java.time.Duration;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty 12 (ee10) around the web application, as a Jetty distribution would deploy it. */
final class JettyContainer extends GatewayContainer {
    private final Server server = new Server(daemonThreads());
    private final ServerConnector connector = new ServerConnector(server, 1, 1, http());
    private final WebAppContext context = new WebAppContext();

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public ServletContext servletContext() {
        return context.getServletContext();
    }

    @Override
    public void undeploy() throws Exception {
        context.stop();
    }

    @Override
    public void stopConnector() throws Exception {
        connector.stop();
    }

    @Override
    public void whileStopping(Runnable action) {
        context.addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStopping(LifeCycle event) {
                action.run();
            }
        });
    }

    @Override
    public void idleTimeout(Duration time) {
        connector.setIdleTimeout(time.toMillis());
    }

    @Override
    void boot(Deployment deployment) throws Exception {
        context.setContextPath(deployment.contextPath());
        context.setBaseResourceAsPath(deployment.webapp());
        context.setTempDirectory(deployment.workFolder().toFile());
        context.setParentLoaderPriority(true);
        context.setThrowUnavailableOnStartupException(true);
        deployment.initParameters().forEach(context::setInitParameter);
        connector.setHost("127.0.0.1");
        connector.setAcceptedSendBufferSize(SEND_BUFFER);
        server.addConnector(connector);
        server.setHandler(context);
        server.setStopTimeout(0); // exchanges under way are cut, not waited for
        server.start();
    }

    @Override
    void shutDown() throws Exception {
        server.stop();
        server.destroy();
    }

    private static QueuedThreadPool daemonThreads() {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("jetty");
        threads.setDaemon(true);
        return threads;
    }

    private static HttpConnectionFactory http() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(MAX_HEAD);
        return new HttpConnectionFactory(configuration);
    }
}
