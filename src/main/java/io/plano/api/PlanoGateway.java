package io.plano.api;

import io.plano.budget.MemoryBudget;
import io.plano.config.ConfigHost;
import io.plano.config.ConfigWatcher;
import io.plano.failure.Vitals;
import io.plano.observe.AccessLog;
import io.plano.observe.ExchangeListener;
import io.plano.observe.ExchangeListeners;
import io.plano.observe.ExchangeRecord;
import io.plano.proxy.ReverseProxy;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.Limits;
import io.plano.snapshot.SnapshotHolder;
import io.plano.upstream.ProviderCalls;
import io.plano.upstream.UpstreamClient;
import io.plano.upstream.UpstreamSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * A running gateway: everything that lives as long as it does, without a servlet container in sight. Safe for every thread.
 *
 * <pre>{@code
 * try (PlanoGateway gateway = PlanoGateway.builder().config(Path.of("plano.yaml")).start()) {
 *     if (!gateway.readiness().isReady()) {
 *         System.err.println(gateway.readiness().message());
 *     }
 *     // io.plano.web serves requests with it
 * }
 * }</pre>
 *
 * <p>A configuration that is missing or invalid does not keep it from starting: {@link #readiness} says what to do, and the
 * file is looked at until it is valid.
 */
public final class PlanoGateway implements AutoCloseable {
    private final SnapshotHolder snapshots;
    private final UpstreamClient upstream;
    private final AccessLog accessLog;
    private final MemoryBudget budget = new MemoryBudget(Limits.DEFAULT.memory().budget());
    private final ReverseProxy proxy;
    private final Configuration configuration;

    private PlanoGateway(Builder builder) {
        this.snapshots = builder.snapshots;
        this.configuration = new Configuration(builder);
        this.upstream = UpstreamClient.start(UpstreamSettings.defaults(), builder.vitals);
        this.accessLog = new AccessLog(Clock.systemUTC(), builder.accessLog, builder.vitals);
        List<ExchangeListener> listeners = new ArrayList<>(builder.listeners);
        listeners.add(accessLog);
        // A name of its own for every instance, so that a chain of gateways is not taken for a loop.
        String pseudonym =
                "plano-" + Integer.toHexString(ThreadLocalRandom.current().nextInt());
        this.proxy = new ReverseProxy(
                snapshots,
                new ProviderCalls(upstream, pseudonym),
                ExchangeListeners.of(listeners),
                budget,
                builder.vitals);
    }

    /** Begins one. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether requests can be served, and what to do if not. */
    public Readiness readiness() {
        return configuration.readiness();
    }

    /** The configuration that is served now; null if none has been valid yet. */
    public @Nullable GatewaySnapshot snapshot() {
        return snapshots.current();
    }

    /** Serves requests. */
    public ReverseProxy proxy() {
        return proxy;
    }

    /** What all exchanges hold in memory. */
    public MemoryBudget budget() {
        return budget;
    }

    /** Ends what is open, in a way that no client takes for a whole answer, and all threads and connections. */
    @Override
    public void close() {
        configuration.close();
        proxy.close();
        upstream.close();
        accessLog.close();
    }

    /** What a gateway is made of. Not safe for several threads. */
    public static final class Builder {
        final SnapshotHolder snapshots = new SnapshotHolder();
        private final List<ExchangeListener> listeners = new ArrayList<>();
        private Consumer<String> accessLog = LoggerFactory.getLogger("io.plano.access")::info;
        Map<String, String> environment = System.getenv();
        Duration interval = ConfigWatcher.INTERVAL;
        ConfigHost host = ConfigHost.CONTAINER;
        Vitals vitals = Vitals.UNWATCHED;

        @Nullable
        Path file;

        @Nullable
        GatewaySnapshot given;

        String whyNone = "No configuration is given.";

        private Builder() {}

        /** Serves what that file says, and follows its changes. */
        public Builder config(Path configuration) {
            file = configuration;
            return this;
        }

        /** Serves that. If it was read from a file, changes of that are followed. */
        public Builder config(GatewaySnapshot snapshot) {
            given = snapshot;
            return this;
        }

        /**
         * Serves nothing.
         *
         * @param why what {@link Readiness} says
         */
        public Builder noConfig(String why) {
            whyNone = why;
            return this;
        }

        /** The variables that the file may name; as a rule those of the process. */
        public Builder environment(Map<String, String> variables) {
            environment = Map.copyOf(variables);
            return this;
        }

        /** Who opens the ports that the file names; as a rule a container has opened its own. */
        public Builder host(ConfigHost configHost) {
            host = configHost;
            return this;
        }

        /** The time between two looks at the file. */
        public Builder interval(Duration betweenLooks) {
            interval = betweenLooks;
            return this;
        }

        /** Watches the threads. */
        public Builder vitals(Vitals watch) {
            vitals = watch;
            return this;
        }

        /**
         * Where lines of the access log go, in place of the logger {@code io.plano.access}.
         *
         * @param sink gets one or more lines, separated by line feeds; called on a thread of its own
         */
        public Builder accessLog(Consumer<String> sink) {
            accessLog = sink;
            return this;
        }

        /**
         * One more who hears of every exchange that has ended.
         *
         * @param listener called on threads that serve others: it never blocks
         */
        public Builder exchanges(Consumer<ExchangeRecord> listener) {
            listeners.add(listener::accept);
            return this;
        }

        /** Starts it. Returns when requests can be served, or it is known why not. */
        public PlanoGateway start() {
            return new PlanoGateway(this);
        }
    }
}
