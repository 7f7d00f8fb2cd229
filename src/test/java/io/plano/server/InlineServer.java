package io.plano.server;

import io.plano.failure.Vitals;
import io.plano.process.DescriptorBudget;
import io.plano.process.OpenFiles;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.Limits;
import io.plano.snapshot.Listener;
import jakarta.servlet.http.HttpServlet;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The standalone server as it is tuned, around a servlet of the test instead of the gateway. */
final class InlineServer<C extends ServerConnector> implements AutoCloseable {
    private final Server server;
    private final InlineExecutor inline;
    private final C connector;

    private InlineServer(Server server, InlineExecutor inline, C connector) {
        this.server = server;
        this.inline = inline;
        this.connector = connector;
    }

    /** Makes the connector under test. */
    interface ConnectorMaker<C> {
        C make(Server server, InlineExecutor inline, ClientConnections clients, HttpConnectionFactory http);
    }

    static <C extends ServerConnector> InlineServer<C> start(
            HttpServlet servlet, String pathSpec, ConnectorMaker<C> maker) throws Exception {
        QueuedThreadPool pool = new QueuedThreadPool(20, 4);
        Server server = new Server(pool);
        InlineExecutor inline = InlineExecutor.start(pool, Vitals.UNWATCHED);
        GatewaySnapshot snapshot = new GatewaySnapshot("test", List.of(Listener.DEFAULT), List.of(), Limits.DEFAULT);
        LingeringClose lingering = new LingeringClose(server.getScheduler());
        SurplusClients surplus = new SurplusClients(server.getScheduler(), Vitals.UNWATCHED, lingering);
        C connector = maker.make(
                server,
                inline,
                new ClientConnections(DescriptorBudget.of(OpenFiles.UNLIMITED, 0), lingering, surplus),
                new HttpConnectionFactory(GatewayServer.httpConfiguration(snapshot)));
        GatewayContext context = new GatewayContext(DispatchMode.INLINE);
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        context.addServlet(holder, pathSpec);
        connector.setHost("127.0.0.1");
        server.setDynamic(false);
        server.addConnector(connector);
        server.setHandler(new ExchangeDrain(context));
        server.start();
        return new InlineServer<>(server, inline, connector);
    }

    C connector() {
        return connector;
    }

    @Override
    public void close() throws Exception {
        server.stop();
        inline.close();
    }
}
