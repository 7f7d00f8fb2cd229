package io.plano.integration;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks from one object to all that can be reached through fields of the gateway's own classes and through collections,
 * and asks each object of the gateway for its {@code toString()}. Values of other classes are only walked through: what
 * a private string holds is for its owner to keep.
 */
final class Reachable {
    private record Step(String path, Object object) {}

    private Reachable() {}

    /** Hands over the path to each object and its text. */
    static void from(@Nullable Object root, BiConsumer<String, String> texts) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Step> open = new ArrayDeque<>();
        push(open, seen, "", root);
        while (!open.isEmpty()) {
            Step step = open.removeFirst();
            Object object = step.object();
            if (object instanceof Map<?, ?> map) {
                push(open, seen, step.path() + ".keys", map.keySet());
                push(open, seen, step.path() + ".values", map.values());
            } else if (object instanceof Collection<?> collection) {
                collection.forEach(element -> push(open, seen, step.path() + "[]", element));
            } else if (object instanceof Object[] elements) {
                for (Object element : elements) {
                    push(open, seen, step.path() + "[]", element);
                }
            } else if (object instanceof AtomicReference<?> reference) {
                push(open, seen, step.path() + ".get()", reference.get());
            } else if (object.getClass().getName().startsWith("io.plano.")) {
                texts.accept(step.path(), String.valueOf(object));
                pushFields(open, seen, step);
            }
        }
    }

    private static void pushFields(Deque<Step> open, Set<Object> seen, Step step) {
        for (Class<?> type = step.object().getClass();
                type != null && type.getName().startsWith("io.plano.");
                type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    field.setAccessible(true);
                    push(open, seen, step.path() + "." + field.getName(), value(field, step.object()));
                }
            }
        }
    }

    private static @Nullable Object value(Field field, Object owner) {
        try {
            return field.get(owner);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void push(Deque<Step> open, Set<Object> seen, String path, @Nullable Object object) {
        if (object != null && seen.add(object)) {
            open.add(new Step(path, object));
        }
    }
}
