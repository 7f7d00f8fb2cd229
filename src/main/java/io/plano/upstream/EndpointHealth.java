package io.plano.upstream;

import io.plano.failure.FailureKind;
import io.plano.provider.Endpoint;

/**
 * What is known of providers' endpoints from the attempts at them. It outlives configurations: whoever keeps it keys it by
 * endpoint. Called on reactor threads, which serve many: an implementation never blocks. Safe for every thread.
 */
public interface EndpointHealth {
    /** Knows nothing, and has a good opinion of everybody. */
    EndpointHealth UNKNOWN = new EndpointHealth() {
        @Override
        public boolean isHealthy(Endpoint endpoint) {
            return true;
        }

        @Override
        public void answered(Endpoint endpoint, int status) {
            // It would be forgotten.
        }

        @Override
        public void failed(Endpoint endpoint, FailureKind kind) {
            // It would be forgotten.
        }
    };

    /** Whether requests should go there, if they can go elsewhere as well. */
    boolean isHealthy(Endpoint endpoint);

    /** An attempt was answered. */
    void answered(Endpoint endpoint, int status);

    /** An attempt was not answered, or not to the end. */
    void failed(Endpoint endpoint, FailureKind kind);
}
