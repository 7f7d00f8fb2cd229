package io.plano.route;

import java.util.List;

/**
 * Where a request may go, in order of preference.
 *
 * @param targets at least one
 */
public record Route(List<Target> targets) {
    public Route {
        targets = List.copyOf(targets);
    }
}
