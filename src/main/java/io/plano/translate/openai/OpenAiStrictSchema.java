package io.plano.translate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether OpenAI would take a schema as strict: every object closed and with all of its properties required, and only the
 * keywords that its constrained sampling knows. A schema that is not so is no worse, but {@code strict: true} with it is
 * refused; to repair it would change what the client asked for. Source: OpenAI guide "Structured model outputs", "Supported
 * schemas".
 */
public final class OpenAiStrictSchema {
    private static final int MAX_DEPTH = 64;

    private static final Set<String> KEYWORDS = Set.of(
            "type",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "enum",
            "const",
            "anyOf",
            "$ref",
            "$defs",
            "definitions",
            "$schema",
            "title",
            "description",
            "pattern",
            "format",
            "multipleOf",
            "maximum",
            "minimum",
            "exclusiveMaximum",
            "exclusiveMinimum",
            "minItems",
            "maxItems");

    private static final Set<String> FORMATS =
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid");

    private OpenAiStrictSchema() {}

    public static boolean holdsFor(@Nullable JsonNode schema) {
        return schema != null && "object".equals(schema.path("type").textValue()) && holds(schema, 0);
    }

    private static boolean holds(JsonNode schema, int depth) {
        if (!schema.isObject() || depth > MAX_DEPTH || !hasKnownKeywords(schema)) {
            return false;
        }
        boolean says = schema.has("type")
                || schema.has("anyOf")
                || schema.has("$ref")
                || schema.has("enum")
                || schema.has("const");
        return says
                && (!isObject(schema) || isClosed(schema))
                && allHold(schema.path("properties"), depth)
                && allHold(schema.path("$defs"), depth)
                && allHold(schema.path("definitions"), depth)
                && allHold(schema.path("anyOf"), depth)
                && (!schema.has("items") || holds(schema.path("items"), depth + 1));
    }

    private static boolean allHold(JsonNode schemas, int depth) {
        for (JsonNode schema : schemas) {
            if (!holds(schema, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasKnownKeywords(JsonNode schema) {
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            if (!KEYWORDS.contains(member.getKey())) {
                return false;
            }
        }
        return !schema.has("format") || FORMATS.contains(schema.path("format").asText());
    }

    private static boolean isObject(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            for (JsonNode one : type) {
                if ("object".equals(one.textValue())) {
                    return true;
                }
            }
        }
        return "object".equals(type.textValue()) || schema.has("properties");
    }

    private static boolean isClosed(JsonNode schema) {
        JsonNode additional = schema.path("additionalProperties");
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        Set<String> properties = new HashSet<>();
        schema.path("properties").fieldNames().forEachRemaining(properties::add);
        return additional.isBoolean() && !additional.booleanValue() && required.equals(properties);
    }
}
