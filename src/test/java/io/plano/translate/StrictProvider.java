package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a provider that takes nothing but what its API promises: members that it does not know, values of another
 * type, and orders that it does not document are refused. The shapes are in {@code src/test/resources/strict}, where each
 * says its source; the rules that are no shapes are here. Stateless.
 */
final class StrictProvider {
    private static final Map<WireFormat, StrictProvider> ALL = new EnumMap<>(WireFormat.class);

    static {
        for (WireFormat format : WireFormat.values()) {
            ALL.put(format, new StrictProvider(shapes(format.configName())));
        }
    }

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");
    private static final String[] COMBINATIONS = {"anyOf", "oneOf", "allOf"};

    private final JsonNode shapes;

    private StrictProvider(JsonNode shapes) {
        this.shapes = shapes;
    }

    private static JsonNode shapes(String name) {
        try (InputStream in = StrictProvider.class.getResourceAsStream("/strict/" + name + ".json")) {
            return Objects.requireNonNull(Json.read(Objects.requireNonNull(in).readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails unless a provider of that format takes the request. */
    static void assertTakes(WireFormat format, byte[] body) {
        JsonNode request = Objects.requireNonNull(Json.read(body));
        String problem = ALL.get(format).problem("Request", request, "");
        if (problem == null) {
            problem = switch (format) {
                case COMPLETIONS -> chatProblem(request);
                case RESPONSES -> responsesProblem(request);
                case MESSAGES -> messagesProblem(request);
            };
        }
        assertThat(problem).as("what %s does not take: %s", format, request).isNull();
    }

    /** Null if a value is of a type: a name of a shape, a scalar, a list {@code T[]} or {@code T[]+}, or one of several. */
    private @Nullable String problem(String type, JsonNode value, String path) {
        if (type.contains("|")) {
            String first = null;
            for (String one : type.split("\\|", -1)) {
                String problem = problem(one, value, path);
                if (problem == null) {
                    return null;
                }
                // What went wrong inside a list says more than that it is no string.
                first = first == null || value.isContainerNode() ? problem : first;
            }
            return first;
        } else if (type.endsWith("[]+") || type.endsWith("[]")) {
            return listProblem(type, value, path);
        } else if (shapes.has(type)) {
            return shapeProblem(shapes.get(type), value, path);
        }
        return isOf(type, value) ? null : path + " is not " + type + ": " + value;
    }

    private @Nullable String listProblem(String type, JsonNode value, String path) {
        boolean some = type.endsWith("+");
        if (!value.isArray() || (some && value.isEmpty())) {
            return path + " is no list" + (some ? " with something in it" : "");
        }
        String element = type.substring(0, type.indexOf("[]"));
        for (int i = 0; i < value.size(); i++) {
            String problem = problem(element, value.get(i), path + "[" + i + "]");
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private @Nullable String shapeProblem(JsonNode shape, JsonNode value, String path) {
        if (!value.isObject()) {
            return path + " is no object";
        }
        JsonNode members = shape;
        if (shape.has("by")) {
            String[] by = shape.get("by").asText().split("\\?", -1);
            String variant = value.path(by[0]).asText(by.length > 1 ? by[1] : "");
            members = shape.path(variant);
            if (members.isMissingNode()) {
                return path + "." + by[0] + " is unknown: " + variant;
            }
        }
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            JsonNode type =
                    members.has(member.getKey()) ? members.get(member.getKey()) : members.path(member.getKey() + "?");
            String inner = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
            String problem =
                    type.isMissingNode() ? inner + " is unknown" : problem(type.asText(), member.getValue(), inner);
            if (problem != null) {
                return problem;
            }
        }
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            if (!member.getKey().endsWith("?") && !value.has(member.getKey())) {
                return path + "." + member.getKey() + " is missing";
            }
        }
        return null;
    }

    private static boolean isOf(String type, JsonNode value) {
        if (type.startsWith("enum:")) {
            return Set.of(type.substring("enum:".length()).split(",", -1)).contains(value.asText());
        } else if (type.startsWith("name")) {
            String name = value.asText();
            return NAME.matcher(name).matches() && name.length() <= Integer.parseInt(type.substring("name".length()));
        } else if (type.startsWith("int")) {
            String least = type.substring("int".length());
            return value.isIntegralNumber() && (least.isEmpty() || value.asLong() >= Long.parseLong(least));
        }
        return switch (type) {
            case "string" -> value.isTextual();
            case "text" -> value.isTextual() && !value.textValue().isBlank();
            case "json" -> value.isTextual() && Json.read(value.textValue()) instanceof ObjectNode;
            case "number" -> value.isNumber();
            case "bool" -> value.isBoolean();
            case "object" -> value.isObject();
            case "ObjectSchema" -> value.isObject();
            case "ClaudeRoot" -> isClaudeRoot(value);
            case "null" -> value.isNull();
            default -> throw new IllegalArgumentException(type);
        };
    }

    /** 400 "input_schema does not support oneOf, allOf, or anyOf at the top level". */
    private static boolean isClaudeRoot(JsonNode schema) {
        for (String name : COMBINATIONS) {
            if (schema.has(name)) {
                return false;
            }
        }
        return "object".equals(schema.path("type").asText());
    }

    /** Every call is answered at once; a choice needs tools; four stop sequences. */
    private static @Nullable String chatProblem(JsonNode request) {
        Set<String> open = new HashSet<>();
        for (JsonNode message : request.path("messages")) {
            if (message.path("role").asText().equals("tool")) {
                if (!open.remove(message.path("tool_call_id").asText())) {
                    return "a result of no call";
                }
            } else if (!open.isEmpty() && message.path("role").asText().equals("user")) {
                return "something between a call and its result";
            }
            message.path("tool_calls").forEach(call -> open.add(call.path("id").asText()));
        }
        if (request.path("stop").size() > 4) {
            return "more than four stop sequences";
        }
        return request.has("tool_choice") && !request.has("tools") ? "a choice without tools" : null;
    }

    private static @Nullable String responsesProblem(JsonNode request) {
        Set<String> calls = new HashSet<>();
        for (JsonNode item : request.path("input")) {
            String type = item.path("type").asText();
            if (type.endsWith("_output") && !calls.contains(item.path("call_id").asText())) {
                return "an output of no call";
            } else if (item.has("call_id")) {
                calls.add(item.path("call_id").asText());
            }
            if (item.path("role").asText().equals("assistant")
                    && item.path("content").findValuesAsText("type").contains("output_text")
                    && !item.has("id")) {
                return "output_text in an item without an id";
            }
        }
        boolean json = request.at("/text/format/type").asText().equals("json_object");
        return json
                        && !request.path("input")
                                .toString()
                                .toLowerCase(Locale.ROOT)
                                .contains("json")
                ? "json_object without the word json in the input"
                : null;
    }

    private static @Nullable String messagesProblem(JsonNode request) {
        String role = "";
        Set<String> calls = new HashSet<>();
        for (JsonNode message : request.path("messages")) {
            if (message.path("role").asText().equals(role)) {
                return "two messages of one role";
            }
            role = message.path("role").asText();
            boolean other = false;
            for (JsonNode block : message.path("content")) {
                boolean result = block.path("type").asText().equals("tool_result");
                if (result
                        && (other || !calls.contains(block.path("tool_use_id").asText()))) {
                    return "a result of no call, or behind something else";
                }
                other |= !result;
                if (block.path("type").asText().equals("tool_use")) {
                    calls.add(block.path("id").asText());
                }
            }
        }
        boolean thinks =
                request.path("thinking").path("type").asText("disabled").matches("enabled|adaptive");
        String choice = request.path("tool_choice").path("type").asText("");
        if (thinks && (choice.equals("any") || choice.equals("tool"))) {
            return "a forced call of a model that is to think";
        } else if (request.at("/thinking/budget_tokens").asLong(0)
                >= request.path("max_tokens").asLong()) {
            return "a budget that leaves no room";
        } else if (thinks && request.path("temperature").asDouble(1) != 1) {
            return "a temperature of a model that is to think";
        } else if (request.findValues("cache_control").size() > 4) {
            return "more than four cache marks";
        }
        return request.has("tool_choice") && !request.has("tools") ? "a choice without tools" : null;
    }
}
