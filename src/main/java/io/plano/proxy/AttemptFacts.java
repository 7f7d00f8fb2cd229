package io.plano.proxy;

import io.plano.usage.TokenUsage;
import org.jspecify.annotations.Nullable;

/** What an exchange knows of the attempts at it: what its record says, and how to end one. Any thread. */
interface AttemptFacts {
    String providerName();

    /** What the provider is asked for, or null. */
    @Nullable
    String model();

    /** The word for the format that it is translated into; null if it goes out as it came. */
    @Nullable
    String translatedTo();

    /** Where the credential came from; never the credential. */
    String credentialSource();

    /** The provider's own id of the request, or null. */
    @Nullable
    String requestId();

    /** What the answer has said so far that it costs. */
    TokenUsage usage();

    /** Ends it; does nothing if its answer is complete. */
    void abort();
}
