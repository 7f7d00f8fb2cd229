package io.plano.client;

import io.plano.failure.GatewayException;
import io.plano.http.WholeAnswer;
import org.jspecify.annotations.Nullable;

/** Whose answer a response carries. */
public interface ResponseOwner {
    /** Whose it is before an exchange has been made of it; nobody's answer ends. */
    ResponseOwner NOBODY = new ResponseOwner() {
        @Override
        public void closed(@Nullable GatewayException failure) {
            // There is nobody to tell.
        }

        @Override
        public void withdrawn() {
            // There is nothing to end.
        }
    };

    /**
     * How it went; called once, by the loop of the bridge, right before the container takes the request back.
     *
     * @param failure null where the client got the whole answer of the upstream
     */
    void closed(@Nullable GatewayException failure);

    /**
     * The container wants the request back while its client is still there. To be answered with {@link
     * ResponseBridge#fail} before it returns; what is not over by then is cut. Called on a container thread.
     */
    void withdrawn();

    /** What a client is told that has seen nothing yet, if the answer fails by a defect; made beforehand. */
    default @Nullable WholeAnswer lastResort() {
        return null;
    }
}
