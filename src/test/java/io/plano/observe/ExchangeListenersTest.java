package io.plano.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.http.RequestHead;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExchangeListenersTest {
    @Test
    void tellsEachWhateverBecomesOfTheOthers() {
        List<String> told = new ArrayList<>();
        ExchangeListeners listeners = ExchangeListeners.of(List.of(
                exchange -> told.add("first " + exchange.id()),
                exchange -> {
                    throw new StackOverflowError();
                },
                exchange -> told.add("third " + exchange.id())));
        listeners.closed(ExchangeRecord.refused(
                "x",
                new RequestHead("GET", "/", null, Headers.EMPTY, 0, RequestHead.Body.ABSENT),
                GatewayException.of(FailureKind.NOT_FOUND, "no"),
                2));
        assertThat(told).containsExactly("first x", "third x");
    }
}
