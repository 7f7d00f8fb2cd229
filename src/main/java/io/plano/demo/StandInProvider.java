package io.plano.demo;

import io.plano.server.ConnectionErrors;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/**
 * A provider for those who have none: a server of its own on a free loopback port that speaks the OpenAI and Anthropic
 * APIs, JSON and server-sent events, at the pace of a model. Its answers say which credential arrived, in which header,
 * as a fingerprint; without a credential it answers 401. Thread-safe.
 */
public final class StandInProvider implements AutoCloseable {
    /** About 40 tokens a second. */
    private static final Duration MODEL_PACE = Duration.ofMillis(25);

    private final Server server;
    private final ServerConnector connector;

    private StandInProvider(Duration pace) {
        QueuedThreadPool pool = new QueuedThreadPool(200, 4);
        pool.setName("plano-stand-in");
        pool.setStopTimeout(Duration.ofSeconds(1).toMillis());
        server = new Server(pool, new ScheduledExecutorScheduler("plano-stand-in-scheduler", true), null);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        connector = new ServerConnector(server, 0, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(Duration.ofMinutes(5).toMillis());
        server.addConnector(connector);
        server.setHandler(new StandInHandler(pace));
        server.setErrorHandler(new ConnectionErrors());
    }

    /** Answers as fast as a model would. */
    public static StandInProvider start() throws IOException {
        return start(MODEL_PACE);
    }

    /**
     * Answers with that much time between two tokens.
     *
     * @throws IOException where no port can be opened
     */
    public static StandInProvider start(Duration pace) throws IOException {
        StandInProvider provider = new StandInProvider(pace);
        try {
            provider.server.start();
        } catch (IOException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException("the stand-in provider did not start", failure);
        }
        return provider;
    }

    /** Scheme, address and port, without a path. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    /** Cuts what is in progress. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception failure) {
            throw new IllegalStateException("the stand-in provider did not stop cleanly", failure);
        }
    }
}
