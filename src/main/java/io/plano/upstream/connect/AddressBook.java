package io.plano.upstream.connect;

import io.plano.failure.DefectException;
import io.plano.failure.Guard;
import io.plano.process.OwnThreads;
import io.plano.provider.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns host names into addresses off the threads that must not block: the JDK's resolver waits for the name server. IP
 * literals need no resolver and are answered at once, on the calling thread. What a look-up or whoever waits for it throws
 * ends that look-up, and no thread of the few.
 *
 * <p>Link-local addresses are refused for names (R35): that is where clouds keep their metadata service, and a name that
 * suddenly points there is an attack. A configuration that means it writes the address itself.
 */
final class AddressBook implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AddressBook.class);
    private static final Pattern IP_LITERAL =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.%]*");

    /** Asks the name server; may block. */
    interface Lookup {
        InetAddress[] addresses(String name) throws UnknownHostException;
    }

    private final OwnThreads resolverThreads = new OwnThreads("plano-resolver");
    private final ExecutorService resolver;
    private final Lookup names;

    AddressBook() {
        this(InetAddress::getAllByName);
    }

    AddressBook(Lookup names) {
        this.names = names;
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(4, 4, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), resolverThreads);
        int unused = threads.prestartAllCoreThreads(); // one that cannot be created later would fail whoever needs it
        this.resolver = threads;
    }

    /** Does this once on a thread that may block, and looks a name up, which loads what the system does it with. */
    void prepare(Runnable beside) {
        resolver.execute(() -> {
            try {
                beside.run();
                InetAddress[] unused = names.addresses("localhost");
            } catch (UnknownHostException | RuntimeException | Error e) {
                Guard.quietly(() -> log.debug("not prepared: {}", e.toString())); // whoever needs it tries again
            }
        });
    }

    /** Calls exactly one of the two, on this thread or on one of its own. */
    void resolve(Endpoint endpoint, Consumer<List<InetSocketAddress>> found, Consumer<Exception> failed) {
        List<InetSocketAddress> literal = literal(endpoint);
        if (literal != null) {
            found.accept(literal);
            return;
        }
        try {
            resolver.execute(() -> Guard.quietly(() -> lookUp(endpoint, found, failed)));
        } catch (RejectedExecutionException e) { // shut down
            failed.accept(e);
        }
    }

    private static @Nullable List<InetSocketAddress> literal(Endpoint endpoint) {
        if (!IP_LITERAL.matcher(endpoint.host()).matches()) {
            return null;
        }
        InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
        return address.isUnresolved() ? null : List.of(address);
    }

    private void lookUp(Endpoint endpoint, Consumer<List<InetSocketAddress>> found, Consumer<Exception> failed) {
        List<InetSocketAddress> addresses = new ArrayList<>(4);
        try {
            for (InetAddress address : names.addresses(endpoint.host())) {
                if (!address.isLinkLocalAddress() && !address.isAnyLocalAddress() && !address.isMulticastAddress()) {
                    addresses.add(new InetSocketAddress(address, endpoint.port()));
                }
            }
            if (addresses.isEmpty()) {
                throw new UnknownHostException("no usable address: " + endpoint.host());
            }
        } catch (UnknownHostException | RuntimeException e) {
            failed.accept(e);
            return;
        } catch (Error defect) {
            failed.accept(DefectException.of(defect));
            return;
        }
        found.accept(addresses);
    }

    @Override
    public void close() {
        resolver.shutdownNow();
        resolverThreads.awaitEnd(Duration.ofMillis(200)); // a look-up cannot be interrupted: it ends when it ends
    }
}
