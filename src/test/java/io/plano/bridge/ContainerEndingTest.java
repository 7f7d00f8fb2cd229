package io.plano.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.http.Headers;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

/** A provider may answer in the moment in which the client leaves. */
class ContainerEndingTest {
    /** What containers say of a request that is theirs again. */
    private static <T> T takenBack(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    throw new IllegalStateException("taken back");
                }));
    }

    @Test
    void asksNothingOfARequestThatHasBeenTakenBack() {
        ContainerEnding ending = new ContainerEnding(
                takenBack(HttpServletRequest.class),
                takenBack(HttpServletResponse.class),
                takenBack(AsyncContext.class));

        assertThat(ending.canSend(Headers.of("Content-Type", "application/json")))
                .isTrue();
    }
}
