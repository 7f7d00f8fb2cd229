package io.plano.http;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts that something is refused, and for which kind of reason. */
public final class Refusals {
    private Refusals() {}

    public static void assertRefused(FailureKind kind, ThrowingCallable action) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(action)
                .satisfies(e ->
                        org.assertj.core.api.Assertions.assertThat(e.kind()).isEqualTo(kind));
    }

    public static void assertInvalid(ThrowingCallable action) {
        assertRefused(FailureKind.INVALID_REQUEST, action);
    }
}
