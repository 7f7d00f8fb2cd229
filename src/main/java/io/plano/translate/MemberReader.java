package io.plano.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.WireFormat;
import io.plano.translate.neutral.Extras;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of one object of a client's request, and knows at the end which ones nobody has asked for. A member
 * that is {@code null} counts as absent. Every complaint names the member with its path, since that is what the client's
 * developer looks for.
 */
public final class MemberReader {
    private final ObjectNode object;
    private final String path;
    private final Set<String> read = new HashSet<>();

    private MemberReader(ObjectNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /**
     * The outermost object of a request.
     *
     * @throws GatewayException where the body is no JSON object
     */
    public static MemberReader ofDocument(byte[] body) {
        JsonNode document = Json.read(body);
        if (document instanceof ObjectNode object) {
            return new MemberReader(object, "");
        }
        throw GatewayException.of(
                FailureKind.INVALID_REQUEST,
                "The request body is not a JSON object, or is one that is nested too deep or has too large a number in it.");
    }

    /**
     * An object inside a request.
     *
     * @param path where it stands: {@code messages[2]}
     */
    public static MemberReader of(JsonNode node, String path) {
        if (node instanceof ObjectNode object) {
            return new MemberReader(object, path);
        }
        throw invalid(path, "must be an object");
    }

    /** A complaint about what stands there. */
    public static GatewayException invalid(String path, String what) {
        return GatewayException.coded(FailureKind.INVALID_REQUEST, "invalid_value", "'" + path + "' " + what + ".");
    }

    /** Where a member of this object stands. */
    public String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Where this object stands; empty for the outermost. */
    public String path() {
        return path;
    }

    public boolean has(String name) {
        return object.hasNonNull(name);
    }

    /** The value, or null. */
    public @Nullable JsonNode any(String name) {
        read.add(name);
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    public @Nullable String string(String name) {
        JsonNode value = any(name);
        if (value != null && !value.isTextual()) {
            throw invalid(pathOf(name), "must be a string");
        }
        return value == null ? null : value.textValue();
    }

    public String requiredString(String name) {
        String value = string(name);
        if (value == null) {
            throw invalid(pathOf(name), "is required");
        }
        return value;
    }

    public @Nullable Boolean bool(String name) {
        JsonNode value = any(name);
        if (value != null && !value.isBoolean()) {
            throw invalid(pathOf(name), "must be true or false");
        }
        return value == null ? null : value.booleanValue();
    }

    public @Nullable BigDecimal number(String name) {
        JsonNode value = any(name);
        if (value != null && !value.isNumber()) {
            throw invalid(pathOf(name), "must be a number");
        }
        return value == null ? null : value.decimalValue();
    }

    public @Nullable Long integer(String name) {
        BigDecimal value = number(name);
        try {
            return value == null ? null : value.longValueExact();
        } catch (ArithmeticException e) {
            throw invalid(pathOf(name), "must be an integer");
        }
    }

    /** The object, or null. */
    public @Nullable MemberReader object(String name) {
        JsonNode value = any(name);
        return value == null ? null : of(value, pathOf(name));
    }

    /** The array, or null. */
    public @Nullable ArrayNode array(String name) {
        JsonNode value = any(name);
        if (value != null && !value.isArray()) {
            throw invalid(pathOf(name), "must be an array");
        }
        return (ArrayNode) value;
    }

    /** The objects of an array; none where it is absent. */
    public List<MemberReader> objects(String name) {
        ArrayNode array = array(name);
        List<MemberReader> objects = new ArrayList<>();
        for (int i = 0; array != null && i < array.size(); i++) {
            objects.add(of(array.get(i), pathOf(name) + "[" + i + "]"));
        }
        return objects;
    }

    /** The strings of an array; none where it is absent. */
    public List<String> strings(String name) {
        ArrayNode array = array(name);
        List<String> strings = new ArrayList<>();
        for (int i = 0; array != null && i < array.size(); i++) {
            if (!array.get(i).isTextual()) {
                throw invalid(pathOf(name) + "[" + i + "]", "must be a string");
            }
            strings.add(array.get(i).textValue());
        }
        return strings;
    }

    /** The whole object, as it came. */
    public JsonNode node() {
        return object;
    }

    /** What nobody has asked for, in its order, {@code null} values left out. */
    public Extras rest(WireFormat source) {
        return rest(source, Set.of());
    }

    /**
     * What nobody has asked for, in its order, {@code null} values left out.
     *
     * @param essential the names of members without which the answer would mean something else
     */
    public Extras rest(WireFormat source, Set<String> essential) {
        Map<String, JsonNode> rest = new LinkedHashMap<>();
        Set<String> needed = new HashSet<>();
        object.properties().forEach(member -> {
            if (!read.contains(member.getKey()) && !member.getValue().isNull()) {
                rest.put(member.getKey(), member.getValue());
                if (essential.contains(member.getKey())) {
                    needed.add(member.getKey());
                }
            }
        });
        return rest.isEmpty() ? Extras.NONE : new Extras(source, rest, needed);
    }
}
