package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.Json;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Folds what a tool's schema says at its root in {@code anyOf}, {@code oneOf} and {@code allOf} into one object, since
 * Anthropic takes none of the three there (400 "input_schema does not support oneOf, allOf, or anyOf at the top level") and
 * servers of MCP send all of them: the properties of all branches, and as required what the root, every alternative and any
 * part require. Stateless.
 */
final class RootAlternatives {
    private static final String[] ALTERNATIVES = {"anyOf", "oneOf"};
    private static final String ALL = "allOf";
    private static final String PROPERTIES = "properties";
    private static final int MAX_DEPTH = 16;

    private RootAlternatives() {}

    static boolean areIn(JsonNode schema) {
        return schema.has(ALTERNATIVES[0]) || schema.has(ALTERNATIVES[1]) || schema.has(ALL);
    }

    /** The schema of an object, or null if one of the branches is about something else. */
    static @Nullable ObjectNode folded(ObjectNode schema) {
        return folded(schema, schema, 0);
    }

    private static @Nullable ObjectNode folded(ObjectNode schema, ObjectNode root, int depth) {
        ObjectNode object = schema.deepCopy();
        if (depth > MAX_DEPTH || !isOfObject(object)) {
            return null;
        }
        object.put("type", "object");
        ObjectNode properties = object.withObjectProperty(PROPERTIES);
        Set<String> required = required(object);
        for (JsonNode part : removed(object, ALL)) {
            ObjectNode branch = branch(part, root, depth);
            if (branch == null) {
                return null;
            }
            unite(properties, branch);
            required.addAll(required(branch));
        }
        for (String name : ALTERNATIVES) {
            Set<String> common = null;
            for (JsonNode alternative : removed(object, name)) {
                ObjectNode branch = branch(alternative, root, depth);
                if (branch == null) {
                    return null;
                }
                unite(properties, branch);
                if (common == null) {
                    common = required(branch);
                } else {
                    common.retainAll(required(branch));
                }
            }
            required.addAll(common == null ? Set.of() : common);
        }
        object.remove("required");
        if (!required.isEmpty()) {
            required.forEach(object.putArray("required")::add);
        }
        return object;
    }

    private static boolean isOfObject(ObjectNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            for (JsonNode one : type) {
                if ("object".equals(one.textValue())) {
                    return true;
                }
            }
            return false;
        }
        return type.isMissingNode() || "object".equals(type.textValue());
    }

    private static JsonNode removed(ObjectNode schema, String name) {
        JsonNode branches = schema.remove(name);
        return branches == null ? Json.nodes().arrayNode() : branches;
    }

    private static @Nullable ObjectNode branch(JsonNode branch, ObjectNode root, int depth) {
        String reference = branch.path("$ref").asText("");
        JsonNode target = reference.startsWith("#/") ? root.at(reference.substring(1)) : branch;
        return target instanceof ObjectNode object && !target.has("$ref") ? folded(object, root, depth + 1) : null;
    }

    private static Set<String> required(ObjectNode schema) {
        Set<String> names = new LinkedHashSet<>();
        schema.path("required").forEach(name -> names.add(name.asText()));
        return names;
    }

    /** A property that branches describe in different ways may be any of them. */
    private static void unite(ObjectNode properties, ObjectNode branch) {
        branch.path(PROPERTIES).properties().forEach(member -> {
            JsonNode known = properties.get(member.getKey());
            if (known == null) {
                properties.set(member.getKey(), member.getValue());
            } else if (!known.equals(member.getValue())) {
                properties.set(member.getKey(), either(known, member.getValue()));
            }
        });
    }

    private static ObjectNode either(JsonNode known, JsonNode other) {
        ArrayNode list = Json.nodes().arrayNode();
        if (known.size() == 1 && known.path("anyOf").isArray()) {
            list.addAll((ArrayNode) known.path("anyOf"));
        } else {
            list.add(known);
        }
        return Json.nodes().objectNode().set("anyOf", list.add(other));
    }
}
