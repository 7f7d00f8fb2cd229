package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Json;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.Extras;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is left of an object of a Chat Completions request when all members with a neutral meaning have been read, that of
 * the objects inside it included: Chat Completions likes to wrap a thing in a second object, {@code
 * {"type":"function","function":{…}}}. One thread.
 */
final class RemainingMembers {
    /** Echoes of an answer that a client sends back as it got it: no other provider would know what to do with them. */
    private static final Set<String> ECHOES = Set.of("annotations", "reasoning_details", "index");

    private final Map<String, JsonNode> members;
    private final Set<String> essential;

    RemainingMembers(MemberReader object, String... essential) {
        Extras rest = object.rest(WireFormat.COMPLETIONS, Set.of(essential));
        this.members = new LinkedHashMap<>(rest.members());
        this.essential = new LinkedHashSet<>(rest.essential());
    }

    /** Adds what is left of the object inside. */
    RemainingMembers and(String name, @Nullable MemberReader inner) {
        return inner == null ? this : and(name, new RemainingMembers(inner).extras());
    }

    /** Adds what is left of the object inside. */
    RemainingMembers and(String name, Extras inner) {
        if (!inner.isEmpty()) {
            ObjectNode object = Json.nodes().objectNode();
            inner.members().forEach(object::set);
            members.put(name, object);
        }
        return this;
    }

    Extras extras() {
        if (members.isEmpty()) {
            return Extras.NONE;
        }
        Set<String> silent = new LinkedHashSet<>(members.keySet());
        silent.retainAll(ECHOES);
        return new Extras(WireFormat.COMPLETIONS, members, essential, silent);
    }

    /** Puts everything back into its place, without touching what stands there. */
    static void writeBack(Map<String, JsonNode> members, ObjectNode target) {
        members.forEach((name, value) -> {
            JsonNode present = target.get(name);
            if (present == null) {
                target.set(name, value);
            } else if (present instanceof ObjectNode inner && value instanceof ObjectNode more) {
                Map<String, JsonNode> rest = new LinkedHashMap<>();
                more.properties().forEach(member -> rest.put(member.getKey(), member.getValue()));
                writeBack(rest, inner);
            }
        });
    }
}
