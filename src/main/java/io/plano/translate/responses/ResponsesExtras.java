package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.Extras;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Gathers the members of one object of a Responses request that have no neutral meaning, and writes them back. A dot in a
 * name stands for a nested object: {@code reasoning.context}. No member of this API has a dot in its own name; one that a
 * client makes up goes the same way.
 */
final class ResponsesExtras {
    /** What an item or part says of itself for its own provider alone. */
    private static final Set<String> SILENT =
            Set.of("id", "status", "phase", "annotations", "logprobs", "internal_chat_message_metadata_passthrough");

    private final Map<String, JsonNode> members = new LinkedHashMap<>();
    private final Set<String> essential = new HashSet<>();
    private final Set<String> silent = new HashSet<>();

    /** A member that other formats leave out, and say so. */
    ResponsesExtras put(String name, JsonNode value) {
        members.put(name, value);
        return this;
    }

    /** A member that other formats leave out without a word. */
    ResponsesExtras putSilent(String name, JsonNode value) {
        silent.add(name);
        return put(name, value);
    }

    /** A member without which the answer would mean something else. */
    ResponsesExtras putEssential(String name, JsonNode value) {
        essential.add(name);
        return put(name, value);
    }

    /** The members of an item, part or tool that nobody has asked for. */
    ResponsesExtras restOf(MemberReader object) {
        return rest("", object.rest(WireFormat.RESPONSES));
    }

    /** The members of a nested object that nobody has asked for. */
    ResponsesExtras restOf(String name, MemberReader object) {
        return rest(name + ".", object.rest(WireFormat.RESPONSES));
    }

    /** The members of the request that nobody has asked for. */
    ResponsesExtras restOf(MemberReader request, Set<String> essentialNames) {
        return rest("", request.rest(WireFormat.RESPONSES, essentialNames));
    }

    private ResponsesExtras rest(String prefix, Extras rest) {
        rest.members().forEach((name, value) -> {
            boolean unimportant = SILENT.contains(name) && prefix.isEmpty();
            if (rest.essential().contains(name)) {
                putEssential(name, value);
            } else if (unimportant) {
                putSilent(name, value);
            } else {
                put(prefix + name, value);
            }
        });
        return this;
    }

    Extras build() {
        return members.isEmpty() ? Extras.NONE : new Extras(WireFormat.RESPONSES, members, essential, silent);
    }

    /** Writes those of this format into the object, except the ones that it writes itself. */
    static void write(Extras extras, ObjectNode target, Set<String> except) {
        extras.of(WireFormat.RESPONSES).forEach((name, value) -> {
            if (!except.contains(name)) {
                set(target, name, value);
            }
        });
    }

    private static void set(ObjectNode target, String name, JsonNode value) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            target.set(name, value);
            return;
        }
        JsonNode inner = target.get(name.substring(0, dot));
        ObjectNode object = inner instanceof ObjectNode known ? known : target.putObject(name.substring(0, dot));
        set(object, name.substring(dot + 1), value);
    }
}
