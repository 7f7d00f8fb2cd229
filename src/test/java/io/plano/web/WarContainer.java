package io.plano.web;

import io.plano.testing.GatewayContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipInputStream;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.ThreadLocalLeakPreventionListener;
import org.apache.catalina.startup.Constants;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.jspecify.annotations.Nullable;

/** A container that runs the packed WAR at {@code /}, again and again, each time with a class loader of its own. */
abstract class WarContainer implements AutoCloseable {
    private static final Path WAR = Path.of("target/plano.war").toAbsolutePath();

    private final Path folder;
    private int deployments;

    private WarContainer(Path folder) {
        this.folder = folder;
    }

    static WarContainer start(GatewayContainer.Kind kind, Path folder) throws Exception {
        Files.createDirectories(folder);
        return kind == GatewayContainer.Kind.JETTY ? new Jetty(folder) : new OfTomcat(folder);
    }

    abstract int port();

    /** Starts the application; gives its class loader. */
    abstract ClassLoader deploy(Path config) throws Exception;

    abstract void undeploy() throws Exception;

    @Override
    public abstract void close() throws Exception;

    Path folderOfNext() throws IOException {
        return Files.createDirectories(folder.resolve("work" + deployments++));
    }

    private static final class Jetty extends WarContainer {
        private final Server server = new Server();
        private final ServerConnector connector = new ServerConnector(server, 1, 1);
        private final ContextHandlerCollection contexts = new ContextHandlerCollection();
        private @Nullable WebAppContext application;

        private Jetty(Path folder) throws Exception {
            super(folder);
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
            server.setHandler(contexts);
            server.start();
        }

        @Override
        int port() {
            return connector.getLocalPort();
        }

        @Override
        ClassLoader deploy(Path config) throws Exception {
            WebAppContext context = new WebAppContext();
            application = context;
            context.setContextPath("/");
            context.setWar(WAR.toString());
            context.setTempDirectory(folderOfNext().toFile());
            context.setThrowUnavailableOnStartupException(true);
            context.setInitParameter("plano.config", config.toString());
            contexts.addHandler(context);
            context.start();
            return context.getClassLoader();
        }

        @Override
        void undeploy() throws Exception {
            contexts.removeHandler(application);
            application.stop();
            application.destroy();
            application = null;
        }

        @Override
        public void close() throws Exception {
            server.stop();
        }
    }

    private static final class OfTomcat extends WarContainer {
        private final Tomcat tomcat = new Tomcat();
        private final Connector connector = new Connector("HTTP/1.1");
        private @Nullable StandardContext application;

        private OfTomcat(Path folder) throws Exception {
            super(folder);
            TomcatURLStreamHandlerFactory.disable(); // it could be set only once in a JVM
            tomcat.setBaseDir(folder.toString());
            Files.createDirectories(folder.resolve("webapps"));
            connector.setPort(0);
            connector.setProperty("address", "127.0.0.1");
            tomcat.setConnector(connector);
            tomcat.getServer().addLifecycleListener(new ThreadLocalLeakPreventionListener()); // as its server.xml does
            tomcat.getEngine().setParentClassLoader(getClass().getClassLoader());
            tomcat.getHost().setAutoDeploy(false);
            tomcat.start();
        }

        @Override
        int port() {
            return connector.getLocalPort();
        }

        @Override
        ClassLoader deploy(Path config) throws Exception {
            StandardContext context = new StandardContext();
            application = context;
            ContextConfig webXml = new ContextConfig();
            webXml.setDefaultWebXml(Constants.NoDefaultWebXml);
            StandardJarScanner scanner = new StandardJarScanner();
            scanner.setScanClassPath(false);
            context.setName("/");
            context.setPath("");
            context.setDocBase(unpacked(folderOfNext()).toString());
            context.setJarScanner(scanner);
            context.addLifecycleListener(webXml);
            context.addParameter("plano.config", config.toString());
            context.setUnloadDelay(0);
            tomcat.getHost().addChild(context);
            return context.getLoader().getClassLoader();
        }

        private static Path unpacked(Path folder) throws IOException {
            try (ZipInputStream war = new ZipInputStream(Files.newInputStream(WAR))) {
                for (var entry = war.getNextEntry(); entry != null; entry = war.getNextEntry()) {
                    Path file = folder.resolve(entry.getName());
                    if (entry.isDirectory()) {
                        Files.createDirectories(file);
                    } else {
                        Files.createDirectories(file.getParent());
                        Files.copy(war, file);
                    }
                }
            }
            return folder;
        }

        @Override
        void undeploy() {
            tomcat.getHost().removeChild(application);
            application = null;
        }

        @Override
        public void close() throws Exception {
            tomcat.stop();
            tomcat.destroy();
        }
    }
}
