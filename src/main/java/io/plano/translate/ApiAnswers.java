package io.plano.translate;

import io.plano.failure.GatewayException;
import java.util.List;

/** The gateway's own answers in the shapes of one API, so that the API's clients understand them. Stateless. */
public interface ApiAnswers {
    /** The body of an error answer. */
    byte[] error(GatewayException failure, String requestId);

    /** A whole server-sent event that reports an error inside a stream whose head has gone. */
    byte[] errorEvent(GatewayException failure, String requestId);

    /** The body of a list of models. */
    byte[] models(List<ModelEntry> models);

    /** The body that describes one model. */
    byte[] model(ModelEntry model);
}
