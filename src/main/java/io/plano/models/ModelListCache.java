package io.plano.models;

import io.plano.credential.Credential;
import io.plano.http.Headers;
import io.plano.provider.Endpoint;
import io.plano.provider.Provider;
import io.plano.provider.Transport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What providers answered when they were asked for their models, and to whom: lists differ between the owners of keys. A
 * list that is being asked for is in it already, so that many clients ask once. Who did not answer is not asked again by
 * the same caller for {@link #FAILURE_LIFETIME}: a provider that is down, or refuses a key, is not asked more often
 * because many want to know. It holds no secret. Safe for every thread.
 */
final class ModelListCache {
    static final Duration LIFETIME = Duration.ofMinutes(5);

    /** Short, because it hides that a provider is back. */
    static final Duration FAILURE_LIFETIME = Duration.ofSeconds(15);

    static final int MAX_LISTS = 256;

    /**
     * Whose list of what.
     *
     * @param transport a failure may be its fault, and a change of it the repair
     * @param fixedHeaders they may choose an organisation, or a project
     * @param caller a fingerprint under a key that lives as long as the process
     */
    record Key(Endpoint endpoint, Transport transport, String host, Headers fixedHeaders, String caller) {
        static Key of(Provider provider, @Nullable Credential credential) {
            String caller = credential == null ? "" : credential.scheme() + " " + credential.fingerprint();
            return new Key(provider.endpoint(), provider.transport(), provider.host(), provider.headers(), caller);
        }
    }

    private record Entry(CompletableFuture<List<String>> ids, long since, Duration lifetime) {
        boolean isFresh(long now) {
            return now - since < lifetime.toNanos();
        }
    }

    private final LongSupplier nanoTime;
    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param nanoTime as {@link System#nanoTime()}
     */
    ModelListCache(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * The ids that are known, or are being asked for. Where there are none, it is {@code candidate}, which the caller then
     * has to see completed; it stays until it is old, or {@link #failed}.
     */
    synchronized CompletableFuture<List<String>> claim(Key key, CompletableFuture<List<String>> candidate) {
        long now = nanoTime.getAsLong();
        Entry known = entries.get(key);
        if (known != null && known.isFresh(now)) {
            return known.ids();
        }
        entries.put(key, new Entry(candidate, now, LIFETIME));
        if (entries.size() > MAX_LISTS) {
            entries.remove(entries.keySet().iterator().next()); // the one that was not asked for the longest
        }
        return candidate;
    }

    /** Remembers for a while that a list did not come to be. */
    synchronized void failed(Key key, CompletableFuture<List<String>> attempt) {
        Entry known = entries.get(key);
        if (known != null && known.ids() == attempt) {
            entries.put(key, new Entry(attempt, nanoTime.getAsLong(), FAILURE_LIFETIME));
        }
    }
}
