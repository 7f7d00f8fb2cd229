package io.plano.snapshot;

import java.util.List;

/**
 * A kind of task and the models that are good at it: an entry of {@code routing_preferences}. Nothing routes by it yet.
 *
 * @param name unique
 * @param description in words, for a model that classifies requests
 * @param models in order of preference, as the file names them
 */
public record RoutingPreference(String name, String description, List<String> models) {
    public RoutingPreference {
        models = List.copyOf(models);
    }
}
