package io.plano.route;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Where a request may go, in order of preference.
 *
 * @param targets at least one
 */
public record Route(List<Target> targets) {
    public Route {
        targets = List.copyOf(targets);
    }

    /**
     * The same targets, those that are not healthy last.
     *
     * @param healthy whom it is worth asking
     */
    public Route healthyFirst(Predicate<Target> healthy) {
        if (targets.size() == 1 || targets.stream().allMatch(healthy)) {
            return this;
        }
        List<Target> ordered = new ArrayList<>(targets.size());
        targets.stream().filter(healthy).forEach(ordered::add);
        targets.stream().filter(healthy.negate()).forEach(ordered::add);
        return new Route(ordered);
    }
}
