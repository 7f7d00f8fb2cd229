package io.plano.upstream.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("R35: where a provider's name may point")
class AddressBookTest {
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
