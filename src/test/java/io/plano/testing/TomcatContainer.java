package io.plano.testing;

import jakarta.servlet.ServletContext;
import java.time.Duration;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.loader.WebappLoader;
import org.apache.catalina.startup.Constants;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.apache.coyote.AbstractProtocol;
import org.apache.tomcat.util.scan.StandardJarScanner;

/** Tomcat 10.1 around the web application, without the default {@code web.xml}, whose JSP servlet is not here. */
final class TomcatContainer extends GatewayContainer {
    private final Tomcat tomcat = new Tomcat();
    private final Connector connector = new Connector("HTTP/1.1");
    private final StandardContext context = new StandardContext();

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public ServletContext servletContext() {
        return context.getServletContext();
    }

    @Override
    public void undeploy() {
        tomcat.getHost().removeChild(context);
    }

    @Override
    public void stopConnector() {
        tomcat.getService().removeConnector(connector);
    }

    @Override
    public void whileStopping(Runnable action) {
        context.addLifecycleListener(event -> {
            if (event.getType().equals(Lifecycle.STOP_EVENT)) {
                action.run();
            }
        });
    }

    @Override
    public void idleTimeout(Duration time) {
        ((AbstractProtocol<?>) connector.getProtocolHandler()).setConnectionTimeout((int) time.toMillis());
    }

    @Override
    void boot(Deployment deployment) throws Exception {
        silenceConsole();
        TomcatURLStreamHandlerFactory.disable(); // it could be set only once in a JVM
        tomcat.setBaseDir(deployment.workFolder().toString());
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("socket.txBufSize", String.valueOf(SEND_BUFFER));
        connector.setProperty("maxHttpRequestHeaderSize", String.valueOf(MAX_HEAD));
        tomcat.setConnector(connector);
        tomcat.getEngine().setParentClassLoader(getClass().getClassLoader());
        describeContext(deployment);
        tomcat.getHost().addChild(context);
        tomcat.start();
        if (context.getState() != LifecycleState.STARTED) {
            throw new LifecycleException("the context is " + context.getState());
        }
    }

    @Override
    void shutDown() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }

    /** Tomcat tells every start and stop; the handlers are limited, not the loggers, so that a capture hears them. */
    private static void silenceConsole() {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            if (handler instanceof ConsoleHandler) {
                handler.setLevel(Level.WARNING);
            }
        }
    }

    private void describeContext(Deployment deployment) {
        ContextConfig webXml = new ContextConfig();
        webXml.setDefaultWebXml(Constants.NoDefaultWebXml);
        WebappLoader loader = new WebappLoader();
        loader.setDelegate(true);
        StandardJarScanner scanner = new StandardJarScanner();
        scanner.setScanClassPath(false);
        context.setName(deployment.contextPath());
        context.setPath(deployment.contextPath().equals("/") ? "" : deployment.contextPath());
        context.setDocBase(deployment.webapp().toString());
        context.setLoader(loader);
        context.setJarScanner(scanner);
        context.addLifecycleListener(webXml);
        context.setUnloadDelay(0); // exchanges under way are cut, not waited for
        context.setRenewThreadsWhenStoppingContext(false);
        context.setClearReferencesRmiTargets(false);
        context.setClearReferencesObjectStreamClassCaches(false);
        context.setClearReferencesThreadLocals(false);
        for (Map.Entry<String, String> parameter : deployment.initParameters().entrySet()) {
            context.addParameter(parameter.getKey(), parameter.getValue());
        }
    }
}
