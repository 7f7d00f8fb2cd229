package io.plano.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Every order of events, up to a length. */
final class Orders {
    private Orders() {}

    /**
     * Shows every sequence of these, the empty one and repetitions included, that has at most so many of them.
     *
     * @param isPossible whether there is such a sequence; asked of each with its last event, once it is possible without
     */
    static <E> void upTo(int length, E[] events, Predicate<List<E>> isPossible, Consumer<List<E>> test) {
        extend(length, events, isPossible, List.of(), test);
    }

    private static <E> void extend(
            int more, E[] events, Predicate<List<E>> isPossible, List<E> sequence, Consumer<List<E>> test) {
        test.accept(sequence);
        for (int i = 0; i < events.length && more > 0; i++) {
            List<E> longer = new ArrayList<>(sequence);
            longer.add(events[i]);
            if (isPossible.test(longer)) {
                extend(more - 1, events, isPossible, longer, test);
            }
        }
    }
}
