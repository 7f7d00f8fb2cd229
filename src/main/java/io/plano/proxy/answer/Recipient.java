package io.plano.proxy.answer;

import io.plano.budget.Holding;
import io.plano.client.ResponseBridge;
import io.plano.failure.GatewayException;
import io.plano.http.RequestHead;
import io.plano.provider.ApiDialect;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom answers are for.
 *
 * @param id of the exchange
 * @param head what was asked for
 * @param dialect in which refusals and errors are told
 * @param response the way to the client
 * @param holding what the exchange holds in memory
 */
public record Recipient(String id, RequestHead head, ApiDialect dialect, ResponseBridge response, Holding holding) {
    private static final Logger log = LoggerFactory.getLogger(Recipient.class);

    /** Answers in the client's dialect, where an answer can still be given, and aborts where not. */
    public void refuse(GatewayException failure) {
        refuse(failure, null);
    }

    /**
     * The same.
     *
     * @param lastWords an event that tells the client why, for a stream that has begun; or null
     */
    void refuse(GatewayException failure, byte @Nullable [] lastWords) {
        Throwable cause = failure.getCause();
        if (cause != null && log.isDebugEnabled()) {
            log.debug("exchange {} failed: {} ({})", id, failure.kind(), Causes.describe(cause));
        }
        response.fail(failure, LocalAnswers.error(dialect, failure, id), lastWords);
    }

    /** The last words of a stream that has begun. */
    public byte[] errorEvent(GatewayException failure) {
        return LocalAnswers.in(dialect).errorEvent(failure, id);
    }
}
