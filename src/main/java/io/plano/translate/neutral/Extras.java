package io.plano.translate.neutral;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Members of an object that have no neutral meaning, in the order in which they came. The codec of the same format writes
 * them back as they are; every other one leaves them out and says so, see {@link Losses#leaveOut(Extras, String)}.
 *
 * @param source the format whose members they are; null if there are none
 * @param members name and value
 * @param essential the names of those without which the answer would mean something else
 * @param silent the names of those that mean nothing outside of their format, such as the ids of items: nobody misses them
 */
public record Extras(
        @Nullable WireFormat source, Map<String, JsonNode> members, Set<String> essential, Set<String> silent) {
    public static final Extras NONE = new Extras(null, Map.of(), Set.of());

    public Extras(@Nullable WireFormat source, Map<String, JsonNode> members, Set<String> essential) {
        this(source, members, essential, Set.of());
    }

    public Extras {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        essential = Collections.unmodifiableSet(new LinkedHashSet<>(essential));
        silent = Collections.unmodifiableSet(new LinkedHashSet<>(silent));
    }

    public static Extras of(WireFormat source, Map<String, JsonNode> members) {
        return members.isEmpty() ? NONE : new Extras(source, members, Set.of());
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    /** The member's value, whatever the format, or null: for extensions that several formats share, such as {@code cache_control}. */
    public @Nullable JsonNode get(String name) {
        return members.get(name);
    }

    /** The members, if they are of that format; none otherwise. */
    public Map<String, JsonNode> of(WireFormat format) {
        return format == source ? members : Map.of();
    }
}
