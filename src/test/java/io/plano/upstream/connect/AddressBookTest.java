package io.plano.upstream.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("R35: where a provider's name may point")
class AddressBookTest {
    private static final Endpoint NAME = new Endpoint("https", "provider.example", 443, "");

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "ff02::1"})
    void refusesANameThatPointsToTheMetadataServiceOrToNobody(String address) {
        assertThat(resolve("provider.example", address)).isCompletedExceptionally();
    }

    @Test
    void leavesOutTheRefusedAmongOthers() throws Exception {
        assertThat(resolve("provider.example", "169.254.169.254", "192.0.2.1").get())
                .extracting(address -> address.getAddress().getHostAddress())
                .containsExactly("192.0.2.1");
    }

    /** A model server beside the gateway is a common set-up, and localhost is how it is written. */
    @Test
    void letsANamePointToThisMachine() throws Exception {
        assertThat(resolve("localhost", "127.0.0.1").get()).hasSize(1);
    }

    @Test
    void takesAnAddressThatTheConfigurationSpellsOut() throws Exception {
        assertThat(resolve("169.254.169.254").get())
                .extracting(address -> address.getAddress().getHostAddress())
                .containsExactly("169.254.169.254");
    }

    @Test
    @DisplayName("9.1: an error in a look-up, or in what follows it, costs no thread and nobody else's look-up")
    void outlivesEveryError() throws Exception {
        List<Supplier<Error>> errors = List.of(
                () -> new OutOfMemoryError("thrown by a test"), () -> new StackOverflowError("thrown by a test"));
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Error[] next = {null};
        AddressBook.Lookup lookup = name -> {
            threads.add(Thread.currentThread());
            Error thrown = next[0];
            if (thrown != null) {
                throw thrown;
            }
            return addresses("192.0.2.1");
        };
        try (AddressBook book = new AddressBook(lookup)) {
            for (Supplier<Error> error : errors) {
                for (int i = 0; i < 10; i++) {
                    next[0] = error.get();
                    CompletableFuture<Exception> failure = new CompletableFuture<>();
                    book.resolve(NAME, found -> {}, failure::complete);
                    assertThat(failure.get(10, TimeUnit.SECONDS)).hasCause(next[0]);

                    assertPassesOn(book, next, error, i % 2 == 0 ? error.get() : null);
                }
                book.prepare(() -> {
                    throw error.get();
                });
            }
        }
        assertThat(threads).hasSizeLessThanOrEqualTo(4);
    }

    /** Neither callback keeps its error from ending in its own look-up. */
    private static void assertPassesOn(
            AddressBook book, Error[] next, Supplier<Error> error, @Nullable Error lookupError) throws Exception {
        next[0] = lookupError;
        CompletableFuture<Boolean> called = new CompletableFuture<>();
        book.resolve(
                NAME,
                found -> {
                    called.complete(true);
                    throw error.get();
                },
                failed -> {
                    called.complete(true);
                    throw error.get();
                });
        assertThat(called.get(10, TimeUnit.SECONDS)).isTrue();
        next[0] = null;
        CompletableFuture<List<InetSocketAddress>> healthy = new CompletableFuture<>();
        book.resolve(NAME, healthy::complete, healthy::completeExceptionally);
        assertThat(healthy.get(10, TimeUnit.SECONDS)).hasSize(1);
    }

    private static CompletableFuture<List<InetSocketAddress>> resolve(String host, String... found) {
        CompletableFuture<List<InetSocketAddress>> result = new CompletableFuture<>();
        try (AddressBook book = new AddressBook(name -> addresses(found))) {
            book.resolve(new Endpoint("https", host, 443, ""), result::complete, result::completeExceptionally);
            result.handle((addresses, failure) -> failure).get(10, TimeUnit.SECONDS);
            return result;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static InetAddress[] addresses(String... found) throws UnknownHostException {
        InetAddress[] addresses = new InetAddress[found.length];
        for (int i = 0; i < found.length; i++) {
            addresses[i] = InetAddress.getByName(found[i]);
        }
        return addresses;
    }
}
