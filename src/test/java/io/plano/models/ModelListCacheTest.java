package io.plano.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.http.Headers;
import io.plano.provider.Endpoint;
import io.plano.provider.Transport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ModelListCacheTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final ModelListCache cache = new ModelListCache(now::get);

    private static ModelListCache.Key key(String caller) {
        return new ModelListCache.Key(
                new Endpoint("https", "h", 443, "/v1"), Transport.DIRECT, "h", Headers.EMPTY, caller);
    }

    private static CompletableFuture<List<String>> lookup() {
        return new CompletableFuture<>();
    }

    @Test
    void letsManyAskOnceAndEveryCallerForItself() {
        CompletableFuture<List<String>> first = lookup();

        assertThat(cache.claim(key("a"), first)).isSameAs(first);
        assertThat(cache.claim(key("a"), lookup())).isSameAs(first);
        CompletableFuture<List<String>> other = lookup();
        assertThat(cache.claim(key("b"), other)).isSameAs(other);
    }

    @Test
    void forgetsWhatIsOld() {
        CompletableFuture<List<String>> first = lookup();
        cache.claim(key("a"), first);

        now.addAndGet(ModelListCache.LIFETIME.toNanos() - 1);
        assertThat(cache.claim(key("a"), lookup())).isSameAs(first);
        now.addAndGet(1);
        CompletableFuture<List<String>> second = lookup();
        assertThat(cache.claim(key("a"), second)).isSameAs(second);
    }

    @Test
    void remembersWhatFailedForAWhileAndOnlyForItsCaller() {
        CompletableFuture<List<String>> first = lookup();
        cache.claim(key("a"), first);
        now.addAndGet(ModelListCache.LIFETIME.toNanos() / 2);
        cache.failed(key("a"), first);

        now.addAndGet(ModelListCache.FAILURE_LIFETIME.toNanos() - 1);
        assertThat(cache.claim(key("a"), lookup())).isSameAs(first);
        CompletableFuture<List<String>> other = lookup();
        assertThat(cache.claim(key("b"), other)).isSameAs(other);
        now.addAndGet(1);
        CompletableFuture<List<String>> second = lookup();
        assertThat(cache.claim(key("a"), second)).isSameAs(second);

        cache.failed(key("a"), first); // says nothing about the second
        now.addAndGet(ModelListCache.FAILURE_LIFETIME.toNanos());
        assertThat(cache.claim(key("a"), lookup())).isSameAs(second);
    }

    @Test
    void keepsThoseThatAreAskedForWhenItIsFull() {
        CompletableFuture<List<String>> wanted = lookup();
        cache.claim(key("wanted"), wanted);
        for (int i = 0; i < 3 * ModelListCache.MAX_LISTS; i++) {
            cache.claim(key("other" + i), lookup());
            assertThat(cache.claim(key("wanted"), lookup())).isSameAs(wanted);
        }
        CompletableFuture<List<String>> again = lookup();
        assertThat(cache.claim(key("other0"), again)).isSameAs(again);
    }
}
