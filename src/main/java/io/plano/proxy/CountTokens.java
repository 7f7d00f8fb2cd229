package io.plano.proxy;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.WholeAnswer;
import io.plano.provider.WireFormat;
import io.plano.proxy.answer.LocalAnswers;
import io.plano.route.Target;
import io.plano.snapshot.Feature;
import io.plano.translate.JsonText;
import io.plano.translate.TokenEstimate;
import io.plano.translate.neutral.ChatRequest;
import java.util.Objects;

/**
 * {@code POST /v1/messages/count_tokens} for a provider that has no such thing: OpenAI's own models get an estimate where
 * the configuration wants one, everything else the 404 that tells a client to do without (R77). Stateless.
 */
final class CountTokens {
    private CountTokens() {}

    /** Whether tokens are to be counted that the provider cannot count. */
    static boolean isLocal(Exchange exchange, Target target) {
        return exchange.surface.isAnsweredFor(target.provider().type());
    }

    /**
     * Answers in the provider's place.
     *
     * @throws GatewayException where there is no answer
     */
    static void answer(Exchange exchange, Target target) {
        String model = Objects.requireNonNullElse(target.model() != null ? target.model() : exchange.modelAsked(), "");
        if (!exchange.snapshot.features().contains(Feature.ESTIMATE_COUNT_TOKENS)
                || !TokenEstimate.knows(model)
                || !exchange.head().method().equals("POST")) {
            throw GatewayException.coded(
                    FailureKind.NOT_FOUND,
                    "not_found",
                    "The provider of this model cannot count tokens without generating an answer.");
        }
        ChatRequest chat = exchange.body.chat(Codecs.of(WireFormat.MESSAGES));
        byte[] body = JsonText.ofNumber("input_tokens", TokenEstimate.of(chat, model));
        WholeAnswer answer = LocalAnswers.json(body, exchange.id, "x-plano-estimated", "true");
        exchange.body.release(null);
        LocalPaths.send(exchange, answer);
    }
}
