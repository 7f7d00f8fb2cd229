package io.plano.proxy.answer;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;

/** What the gateway says when it has no means for an exchange. */
public final class Refusals {
    private Refusals() {}

    public static GatewayException outOfMemory() {
        return GatewayException.of(
                FailureKind.OVERLOADED, "The gateway has no memory left for this exchange at the moment; try again.");
    }

    public static GatewayException busy() {
        return GatewayException.of(
                FailureKind.OVERLOADED, "The gateway has too much to translate at the moment; try again.");
    }
}
