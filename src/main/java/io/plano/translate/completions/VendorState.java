package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

/**
 * What a provider wants to see again in the next request, in members of its own: Gemini's thought signatures ({@code
 * extra_content}, of a message and of its calls), OpenRouter's {@code reasoning_details}, LiteLLM's {@code
 * provider_specific_fields}, GitHub Copilot's {@code reasoning_opaque}. Clients of other APIs carry it as the proof of a
 * thought; it goes back to the provider that made it and to no other. Sources: Google, "Thought signatures"; OpenRouter,
 * "Preserving reasoning"; LiteLLM, "Gemini". One answer; one thread.
 */
final class VendorState {
    private static final String DETAILS = "reasoning_details";
    private static final String CALLS = "tool_calls";
    private static final Set<String> OF_MESSAGE =
            Set.of("extra_content", DETAILS, "provider_specific_fields", "reasoning_opaque");
    private static final Set<String> OF_CALL = Set.of("extra_content", "provider_specific_fields", "thought_signature");

    /** What comes in pieces. */
    private static final Set<String> PIECES = Set.of("text", "summary");

    private ObjectNode held = Json.nodes().objectNode();

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** Takes what a message, or a piece of one, has of it. */
    void read(JsonNode said) {
        for (String member : OF_MESSAGE) {
            JsonNode value = said.get(member);
            if (value != null && !value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
                merge(held, member, value);
            }
        }
        for (JsonNode call : said.path(CALLS)) {
            call(call);
        }
    }

    private void call(JsonNode call) {
        String id = call.path("id").asText("");
        for (String member : OF_CALL) {
            JsonNode value = call.hasNonNull(member)
                    ? call.get(member)
                    : call.path("function").path(member);
            if (!id.isEmpty() && !value.isMissingNode() && !value.isNull()) {
                merge(held.withObjectProperty(CALLS).withObjectProperty(id), member, value);
            }
        }
    }

    private static void merge(ObjectNode target, String member, JsonNode value) {
        JsonNode known = target.get(member);
        if (known instanceof ArrayNode list && value.isArray()) {
            value.forEach(entry -> merge(list, entry));
        } else if (known instanceof ObjectNode object && value.isObject()) {
            value.properties().forEach(inner -> merge(object, inner.getKey(), inner.getValue()));
        } else {
            target.set(member, value.deepCopy());
        }
    }

    /** A piece of an entry goes to the one of the same number. */
    private static void merge(ArrayNode list, JsonNode entry) {
        for (JsonNode known : list) {
            if (known instanceof ObjectNode object && entry.has("index") && isSame(known, entry)) {
                entry.properties().forEach(member -> {
                    JsonNode before = object.get(member.getKey());
                    boolean piece = PIECES.contains(member.getKey()) && before != null && before.isTextual();
                    if (piece) {
                        object.put(
                                member.getKey(),
                                before.textValue() + member.getValue().asText(""));
                    } else if (!member.getValue().isNull()) {
                        object.set(member.getKey(), member.getValue());
                    }
                });
                return;
            }
        }
        list.add(entry.deepCopy());
    }

    private static boolean isSame(JsonNode known, JsonNode entry) {
        return entry.get("index").equals(known.get("index"))
                && entry.path("type").equals(known.path("type"));
    }

    /** All that is held, as text that a client can carry; nothing is held afterwards. */
    String take() {
        byte[] json = Json.bytes(held);
        held = Json.nodes().objectNode();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    }

    /** Puts what a client has carried back into the message that it was taken from; does nothing with what is none. */
    static void putBack(String carried, ObjectNode message) {
        JsonNode state = decode(carried);
        if (!(state instanceof ObjectNode members)) {
            return;
        }
        members.properties().forEach(member -> {
            if (OF_MESSAGE.contains(member.getKey())) {
                putBack(message, member.getKey(), member.getValue());
            }
        });
        for (JsonNode call : message.path(CALLS)) {
            JsonNode ofCall = members.path(CALLS).path(call.path("id").asText(""));
            ofCall.properties().forEach(member -> {
                if (call instanceof ObjectNode target && OF_CALL.contains(member.getKey())) {
                    target.set(member.getKey(), member.getValue());
                }
            });
        }
    }

    private static void putBack(ObjectNode message, String name, JsonNode value) {
        JsonNode known = message.get(name);
        if (known instanceof ArrayNode list && value.isArray()) {
            value.forEach(list::add);
        } else {
            merge(message, name, value);
        }
    }

    private static JsonNode decode(String carried) {
        try {
            JsonNode state = Json.read(new String(Base64.getUrlDecoder().decode(carried), StandardCharsets.UTF_8));
            return state == null ? Json.nodes().missingNode() : state;
        } catch (IllegalArgumentException e) {
            return Json.nodes().missingNode();
        }
    }
}
