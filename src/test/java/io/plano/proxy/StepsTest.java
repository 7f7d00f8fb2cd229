package io.plano.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How a story goes on that had to wait for somebody. */
class StepsTest {
    private final List<String> told = new ArrayList<>();
    private final Steps steps = new Steps(Runnable::run);

    @Test
    void goesOnAtOnceWithWhatIsKnown() throws Exception {
        try (TestExchange test = TestExchange.open()) {
            steps.after(test.exchange(), CompletableFuture.completedFuture("a"), told::add);
            assertThat(told).containsExactly("a");
        }
    }

    @Test
    void goesOnLaterWithWhatIsNot() throws Exception {
        try (TestExchange test = TestExchange.open()) {
            CompletableFuture<String> later = new CompletableFuture<>();
            steps.after(test.exchange(), later, told::add);
            assertThat(told).isEmpty();
            later.complete("b");
            assertThat(told).containsExactly("b");
        }
    }

    @Test
    void aRefusalThatIsKnownIsTheStepsOwn() throws Exception {
        try (TestExchange test = TestExchange.open()) {
            GatewayException refusal = GatewayException.of(FailureKind.FORBIDDEN, "no");
            assertThatThrownBy(() -> steps.after(
                            test.exchange(), CompletableFuture.failedFuture(refusal), value -> told.add("x")))
                    .isSameAs(refusal);
            assertThat(told).isEmpty();
        }
    }

    @Test
    void aRefusalThatComesLaterIsTheAnswer() throws Exception {
        try (TestExchange test = TestExchange.open()) {
            CompletableFuture<String> later = new CompletableFuture<>();
            steps.after(test.exchange(), later, told::add);
            later.completeExceptionally(GatewayException.of(FailureKind.FORBIDDEN, "no"));
            assertThat(told).isEmpty();
            assertThat(test.status()).isEqualTo(403);
        }
    }

    @Test
    void anErrorLaterEndsThatExchangeWith500() throws Exception {
        try (TestExchange test = TestExchange.open()) {
            CompletableFuture<String> later = new CompletableFuture<>();
            steps.after(test.exchange(), later, value -> {
                throw new StackOverflowError();
            });
            later.complete("c");
            assertThat(test.status()).isEqualTo(500);
        }
    }

    @Test
    void nothingGoesOnForAnExchangeThatIsOver() throws Exception {
        try (TestExchange test = TestExchange.open()) {
            CompletableFuture<String> later = new CompletableFuture<>();
            steps.after(test.exchange(), later, told::add);
            test.exchange().end(GatewayException.of(FailureKind.FORBIDDEN, "no"));
            later.complete("d");
            assertThat(told).isEmpty();
        }
    }
}
