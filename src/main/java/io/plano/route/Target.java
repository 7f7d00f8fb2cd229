package io.plano.route;

import io.plano.provider.Provider;
import org.jspecify.annotations.Nullable;

/**
 * A provider together with the name under which it knows the model.
 *
 * @param provider who is asked
 * @param model what {@code model} in the body must say; null leaves it as it is
 */
public record Target(Provider provider, @Nullable String model) {}
