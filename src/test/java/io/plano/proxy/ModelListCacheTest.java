package io.plano.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.http.Headers;
import io.plano.provider.Endpoint;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ModelListCacheTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final ModelListCache cache = new ModelListCache(now::get);

    private static ModelListCache.Key key(String caller) {
        return new ModelListCache.Key(new Endpoint("https", "h", 443, "/v1"), "h", Headers.EMPTY, caller);
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
    void forgetsWhatIsOldAndWhatFailed() {
        CompletableFuture<List<String>> first = lookup();
        cache.claim(key("a"), first);

        now.addAndGet(ModelListCache.LIFETIME.toNanos());
        CompletableFuture<List<String>> second = lookup();
        assertThat(cache.claim(key("a"), second)).isSameAs(second);
        cache.release(key("a"), first);
        assertThat(cache.claim(key("a"), lookup())).isSameAs(second);
        cache.release(key("a"), second);
        CompletableFuture<List<String>> third = lookup();
        assertThat(cache.claim(key("a"), third)).isSameAs(third);
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
