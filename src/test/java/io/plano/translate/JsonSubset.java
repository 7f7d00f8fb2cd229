package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * Asserts that a document says everything that another one says. Ids and times are left aside; a member that is {@code
 * null}, {@code false} or empty may be missing; a text may stand as a list of one block of text, and the other way round;
 * JSON inside of strings counts as JSON.
 */
final class JsonSubset {
    private static final Set<String> LEFT_ASIDE =
            Set.of("id", "created", "created_at", "request_id", "anthropic_version");

    private JsonSubset() {}

    static void assertContains(JsonNode actual, JsonNode expected) {
        compare(actual, expected, "$");
    }

    private static void compare(JsonNode actual, JsonNode expected, String path) {
        if (expected.isObject()) {
            compareMembers(actual, expected, path);
        } else if (expected.isArray() && actual.isTextual()) {
            assertThat(expected).as(path).hasSize(1);
            compare(actual, expected.get(0).get("text"), path);
        } else if (expected.isTextual() && actual.isArray()) {
            assertThat(actual).as(path).hasSize(1);
            compare(actual.get(0).path("text"), expected, path);
        } else if (expected.isArray()) {
            assertThat(actual.size()).as("%s in %s", path, actual).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                compare(actual.path(i), expected.get(i), path + "[" + i + "]");
            }
        } else if (expected.isNumber()) {
            assertThat(actual.isNumber()).as("%s is a number", path).isTrue();
            assertThat(actual.decimalValue()).as(path).isEqualByComparingTo(expected.decimalValue());
        } else if (path.endsWith(".arguments")) {
            assertThat(Json.read(actual.textValue())).as(path).isEqualTo(Json.read(expected.textValue()));
        } else {
            assertThat(actual).as(path).isEqualTo(expected);
        }
    }

    private static void compareMembers(JsonNode actual, JsonNode expected, String path) {
        expected.properties().forEach(member -> {
            JsonNode wanted = member.getValue();
            JsonNode found = actual.path(member.getKey());
            boolean saysNothing = wanted.isNull() || wanted.isBoolean() && !wanted.booleanValue() || isEmpty(wanted);
            if (!LEFT_ASIDE.contains(member.getKey()) && !(saysNothing && (found.isMissingNode() || found.isNull()))) {
                compare(found, wanted, path + "." + member.getKey());
            }
        });
    }

    private static boolean isEmpty(JsonNode node) {
        return node.isContainerNode() && node.isEmpty()
                || node.isTextual() && node.textValue().isEmpty();
    }
}
