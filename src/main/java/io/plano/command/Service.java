package io.plano.command;

import io.plano.config.yaml.ConfigProblem;
import io.plano.failure.Guard;
import io.plano.provider.Provider;
import io.plano.server.GatewayServer;
import io.plano.snapshot.GatewaySnapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a gateway until it is told to stop. Logs its warnings, then one line when it is ready and one when it stops. */
final class Service {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    /** Longer than an orderly end takes, open exchanges and all. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Console console;

    Service(Console console) {
        this.console = console;
    }

    int run(GatewaySnapshot snapshot, List<ConfigProblem> warnings) throws IOException, InterruptedException {
        for (ConfigProblem warning : warnings) {
            LOG.warn("{}", warning);
        }
        GatewayServer server = GatewayServer.start(snapshot);
        LOG.info("{}", ready(snapshot, server.addresses()));
        Thread lastResort = haltIfItHangs();
        console.lifetime()
                .hold(
                        () -> {
                            LOG.info("Plano Gateway stops, {} exchanges open", server.openExchanges());
                            server.close();
                        },
                        server.lost());
        String reason = server.lost().getNow("");
        if (reason.isEmpty()) {
            return Main.SUCCESS;
        }
        Guard.quietly(lastResort::start);
        Guard.quietly(() -> LOG.error("Plano Gateway cannot go on and stops. {}", reason));
        return Main.CANNOT_GO_ON;
    }

    /** Who cannot go on may not be able to stop in an orderly way either. Made while there is memory for it. */
    private static Thread haltIfItHangs() {
        Thread thread = new Thread(
                () -> {
                    LockSupport.parkNanos(PATIENCE.toNanos());
                    Runtime.getRuntime().halt(Main.CANNOT_GO_ON);
                },
                "plano-halt");
        thread.setDaemon(true);
        return thread;
    }

    static String ready(GatewaySnapshot snapshot, List<InetSocketAddress> addresses) {
        String where = addresses.stream().map(Service::url).collect(Collectors.joining(", "));
        String providers = snapshot.providers().stream().map(Provider::name).collect(Collectors.joining(", "));
        return "Plano Gateway ready on " + where + ", configuration " + snapshot.source() + ", providers: " + providers;
    }

    private static String url(InetSocketAddress address) {
        String host = address.getHostString();
        return "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
