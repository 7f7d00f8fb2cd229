package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of JSON Schema that Claude keeps to by itself, in {@code output_config.format} and {@code strict} tools: closed
 * objects, no limits on numbers, texts and lists, no recursion, no reference to the outside. Source: Anthropic, "Structured
 * outputs", "JSON Schema limitations"; what becomes of the rest follows {@code transform_schema} of anthropic-sdk-python
 * ({@code lib/_parse/_transform.py}): limits are told in the description, objects are closed. Stateless.
 */
final class ClaudeSchema {
    private static final int MAX_DEPTH = 64;

    private static final Set<String> FORMATS =
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid");

    /** Keywords that stay as they are, wherever they stand. */
    private static final Set<String> PLAIN = Set.of("description", "title", "type", "const", "default", "required");

    private ClaudeSchema() {}

    /** Whether the schema is one of these as it is. */
    static boolean holdsFor(JsonNode schema) {
        return isExpressible(schema) && rewritten(schema).equals(schema);
    }

    /**
     * Whether a schema of these can say what this one says, but for limits: not if it calls itself, refers to the outside, or
     * is about members of any name.
     */
    static boolean isExpressible(JsonNode schema) {
        return isExpressible(schema, schema, new HashSet<>(), 0);
    }

    private static boolean isExpressible(JsonNode schema, JsonNode root, Set<String> open, int depth) {
        if (!schema.isObject() || depth > MAX_DEPTH || isMap(schema)) {
            return false;
        }
        String reference = schema.path("$ref").textValue();
        if (reference != null) {
            JsonNode target = local(reference, root);
            if (target == null || !open.add(reference)) {
                return false;
            }
            boolean held = isExpressible(target, root, open, depth + 1);
            open.remove(reference);
            return held;
        }
        for (JsonNode inner : inner(schema)) {
            if (!isExpressible(inner, root, open, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is an object whose members have any names: closed it would be empty. */
    private static boolean isMap(JsonNode schema) {
        JsonNode more = schema.path("additionalProperties");
        boolean isOpen = more.isObject() || more.asBoolean(false) || schema.has("patternProperties");
        return isOpen && schema.path("properties").isEmpty();
    }

    private static @Nullable JsonNode local(String reference, JsonNode root) {
        if (!reference.startsWith("#/")) {
            return null;
        }
        JsonNode target = root.at(reference.substring(1));
        return target.isObject() ? target : null;
    }

    private static List<JsonNode> inner(JsonNode schema) {
        List<JsonNode> inner = new ArrayList<>();
        for (String name : new String[] {"properties", "anyOf", "oneOf", "allOf"}) {
            schema.path(name).forEach(inner::add);
        }
        if (schema.path("items").isObject()) {
            inner.add(schema.path("items"));
        }
        return inner;
    }

    /** The schema of this kind that says the most of what the given one says. */
    static JsonNode rewritten(JsonNode schema) {
        return schema instanceof ObjectNode object ? rewritten(object, 0) : schema;
    }

    private static ObjectNode rewritten(ObjectNode schema, int depth) {
        ObjectNode written = Json.nodes().objectNode();
        if (depth > MAX_DEPTH) {
            return written;
        } else if (schema.has("$ref")) {
            return written.set("$ref", schema.get("$ref"));
        }
        Map<String, JsonNode> told = new LinkedHashMap<>();
        schema.properties().forEach(member -> keyword(member.getKey(), member.getValue(), written, told, depth));
        if (isObject(schema)) {
            written.put("additionalProperties", false);
        }
        describe(written, told);
        return written;
    }

    private static boolean isObject(JsonNode schema) {
        return "object".equals(schema.path("type").textValue()) || schema.has("properties");
    }

    private static void keyword(
            String name, JsonNode value, ObjectNode written, Map<String, JsonNode> told, int depth) {
        if (PLAIN.contains(name) || isKept(name, value)) {
            written.set(name, value);
            return;
        }
        switch (name) {
            case "properties", "$defs", "definitions" -> written.set(name, members(value, depth));
            case "anyOf", "allOf" -> written.set(name, list(value, depth));
            case "oneOf" -> written.set("anyOf", list(value, depth));
            case "items" -> written.set(name, value instanceof ObjectNode items ? rewritten(items, depth + 1) : value);
            case "additionalProperties" -> written.put(name, false);
            case "$schema", "$id", "patternProperties" -> {
                // They say nothing of what the answer looks like, or nothing that can be said here.
            }
            default -> told.put(name, value);
        }
    }

    private static boolean isKept(String name, JsonNode value) {
        return switch (name) {
            case "enum" -> isSimple(value);
            case "format" -> FORMATS.contains(value.asText());
            case "minItems" -> value.isInt() && value.intValue() <= 1;
            default -> false;
        };
    }

    private static boolean isSimple(JsonNode values) {
        for (JsonNode value : values) {
            if (value.isContainerNode()) {
                return false;
            }
        }
        return values.isArray();
    }

    private static JsonNode members(JsonNode schemas, int depth) {
        ObjectNode written = Json.nodes().objectNode();
        schemas.properties()
                .forEach(member -> written.set(
                        member.getKey(),
                        member.getValue() instanceof ObjectNode inner
                                ? rewritten(inner, depth + 1)
                                : member.getValue()));
        return written;
    }

    private static JsonNode list(JsonNode schemas, int depth) {
        ArrayNode written = Json.nodes().arrayNode();
        schemas.forEach(
                schema -> written.add(schema instanceof ObjectNode inner ? rewritten(inner, depth + 1) : schema));
        return written;
    }

    private static void describe(ObjectNode written, Map<String, JsonNode> told) {
        if (told.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder(written.path("description").asText(""));
        text.append(text.isEmpty() ? "{" : "\n\n{");
        String separator = "";
        for (Map.Entry<String, JsonNode> member : told.entrySet()) {
            String value =
                    member.getValue().isTextual() ? member.getValue().textValue() : Json.compact(member.getValue());
            text.append(separator).append(member.getKey()).append(": ").append(value);
            separator = ", ";
        }
        written.put("description", text.append('}').toString());
    }
}
