package io.plano.config.yaml;

import io.plano.config.yaml.YamlNode.Entry;
import io.plano.config.yaml.YamlNode.Mapping;
import io.plano.config.yaml.YamlNode.Scalar;
import io.plano.config.yaml.YamlNode.Sequence;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks a tree against {@code plano.schema.json}, the same file that editors use, so the two cannot disagree.
 *
 * <p>It interprets the keywords of JSON Schema 2020-12 that this one file uses: {@code type, enum, const, pattern,
 * minimum, maximum, minItems, required, properties, patternProperties, additionalProperties, items, allOf, if/then,
 * $ref} into {@code $defs}. A library would need a JSON tree of its own, and its findings say neither where in the YAML
 * they are nor which key was probably meant; a test holds the verdicts against one. {@code x-expected} is ours: the
 * words for what a {@code pattern} wants. Values of the file are never quoted: any of them may be a secret.
 */
public final class Schema {
    private static final String RESOURCE = "plano.schema.json";

    /** More known keys than this are no help in a message. */
    private static final int MAX_LISTED = 15;

    private final Mapping root;
    private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

    private Schema(Mapping root) {
        this.root = root;
    }

    private static final class Holder {
        static final Schema PLANO = new Schema(resource(RESOURCE));
    }

    /** The schema of {@code plano.yaml}. */
    public static Schema plano() {
        return Holder.PLANO;
    }

    /** A YAML or JSON resource of this build, which is without problems or the build is broken. */
    public static Mapping resource(String name) {
        Problems problems = new Problems(name);
        try (InputStream in = Schema.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the build lacks " + name);
            }
            Mapping mapping = YamlReader.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), problems);
            if (mapping == null || problems.hasErrors()) {
                throw new IllegalStateException(problems.list().toString());
            }
            return mapping;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void check(YamlNode node, Problems problems) {
        check(root, node, "", problems);
    }

    /** Checks against one of the {@code $defs} alone. */
    public void checkDefinition(String name, YamlNode node, String path, Problems problems) {
        check(definition("#/$defs/" + name), node, path, problems);
    }

    private void check(YamlNode schema, YamlNode node, String path, Problems problems) {
        if (!(schema instanceof Mapping rules)) {
            if (isFalse(schema)) {
                problems.error(node.position(), path, "is not allowed here");
            }
            return;
        }
        YamlNode reference = rules.get("$ref");
        if (reference instanceof Scalar scalar) {
            check(definition(scalar.text()), node, path, problems);
        }
        if (!hasType(rules, node)) {
            problems.error(node.position(), path, "must be " + expected(rules));
            return;
        }
        if (node instanceof Scalar scalar) {
            checkScalar(rules, scalar, path, problems);
        } else if (node instanceof Sequence sequence) {
            checkItems(rules, sequence, path, problems);
        } else if (node instanceof Mapping mapping) {
            checkEntries(rules, mapping, path, problems);
        }
        checkConditions(rules, node, path, problems);
    }

    private static boolean isFalse(YamlNode schema) {
        return schema instanceof Scalar scalar && scalar.text().equals("false");
    }

    private YamlNode definition(String reference) {
        String name = reference.substring(reference.lastIndexOf('/') + 1);
        YamlNode definition = root.get("$defs") instanceof Mapping definitions ? definitions.get(name) : null;
        if (definition == null) {
            throw new IllegalStateException(RESOURCE + " has no " + reference);
        }
        return definition;
    }

    private static boolean hasType(Mapping rules, YamlNode node) {
        YamlNode type = rules.get("type");
        return type == null || texts(type).stream().anyMatch(name -> isOfType(node, name));
    }

    private static boolean isOfType(YamlNode node, String type) {
        if (node instanceof Scalar scalar) {
            return switch (scalar.kind()) {
                case NULL -> type.equals("null");
                case BOOLEAN -> type.equals("boolean");
                case INTEGER -> type.equals("integer") || type.equals("number");
                case FLOAT -> type.equals("number");
                case STRING -> type.equals("string");
            };
        }
        return type.equals(node instanceof Sequence ? "array" : "object");
    }

    private static String expected(Mapping rules) {
        if (rules.get("x-expected") instanceof Scalar words) {
            return words.text();
        }
        YamlNode type = rules.get("type");
        return type == null
                ? "something else"
                : texts(type).stream().map(Schema::words).collect(Collectors.joining(" or "));
    }

    private static String words(String type) {
        return switch (type) {
            case "object" -> "a mapping (key: value)";
            case "array" -> "a list (- item)";
            case "string" -> "a string (in quotes where it looks like something else)";
            case "integer" -> "a whole number, without quotes";
            case "number" -> "a number, without quotes";
            case "boolean" -> "true or false, without quotes";
            default -> "empty";
        };
    }

    private void checkScalar(Mapping rules, Scalar scalar, String path, Problems problems) {
        if (rules.get("const") instanceof Scalar constant && !constant.text().equals(scalar.text())) {
            problems.error(scalar.position(), path, "must be " + constant.text());
        }
        if (rules.get("enum") instanceof Sequence allowed && !texts(allowed).contains(value(scalar))) {
            StringJoiner values = new StringJoiner(", ");
            texts(allowed).forEach(values::add);
            String hint = Spelling.hint(scalar.text(), texts(allowed));
            problems.error(scalar.position(), path, "must be one of " + values + hint);
        }
        boolean isText = scalar.kind() == Scalar.Kind.STRING;
        if (isText && rules.get("pattern") instanceof Scalar pattern && !finds(pattern, scalar.text())) {
            problems.error(scalar.position(), path, "must be " + expected(rules));
        }
        if (!isText) {
            checkRange(rules, scalar, path, problems);
        }
    }

    /** YAML has several words for true and false. */
    private static String value(Scalar scalar) {
        if (scalar.kind() != Scalar.Kind.BOOLEAN) {
            return scalar.text();
        }
        return Boolean.toString(scalar.text().matches("(?i)true|yes|on"));
    }

    private boolean finds(Scalar pattern, String text) {
        return patterns.computeIfAbsent(pattern.text(), Schema::compile)
                .matcher(text)
                .find();
    }

    /** In JSON Schema (ECMA-262) a dollar sign is the very end; in Java also what is in front of a last line break. */
    private static Pattern compile(String pattern) {
        return Pattern.compile(pattern.replaceAll("[$](?=[|]|$)", "\\\\z"));
    }

    private static void checkRange(Mapping rules, Scalar scalar, String path, Problems problems) {
        Double value = number(scalar);
        Double minimum = number(rules.get("minimum"));
        Double maximum = number(rules.get("maximum"));
        if (value != null && minimum != null && value < minimum) {
            problems.error(scalar.position(), path, "must not be less than " + minimum.longValue());
        } else if (value != null && maximum != null && value > maximum) {
            problems.error(scalar.position(), path, "must not be more than " + maximum.longValue());
        }
    }

    private static @Nullable Double number(@Nullable YamlNode node) {
        try {
            return node instanceof Scalar scalar ? Double.valueOf(scalar.text()) : null;
        } catch (NumberFormatException e) {
            return null; // hexadecimal, sexagesimal: whoever reads it asks for decimal digits
        }
    }

    private void checkItems(Mapping rules, Sequence sequence, String path, Problems problems) {
        Double fewest = number(rules.get("minItems"));
        if (fewest != null && sequence.items().size() < fewest) {
            problems.error(sequence.position(), path, "must not be empty");
        }
        YamlNode items = rules.get("items");
        for (int i = 0; items != null && i < sequence.items().size(); i++) {
            check(items, sequence.items().get(i), path + "[" + i + "]", problems);
        }
    }

    private void checkEntries(Mapping rules, Mapping mapping, String path, Problems problems) {
        if (rules.get("required") instanceof Sequence required) {
            for (String key : texts(required)) {
                if (mapping.get(key) == null) {
                    problems.error(mapping.position(), YamlReader.join(path, key), "is missing");
                }
            }
        }
        for (Entry entry : mapping.entries()) {
            YamlNode schema = schemaOf(rules, entry.key());
            String entryPath = YamlReader.join(path, entry.key());
            if (schema != null && isFalse(schema) && rules.get("type") != null) {
                problems.error(entry.position(), entryPath, "is not a known key" + hint(rules, entry.key()));
            } else if (schema != null) {
                check(schema, entry.value(), entryPath, problems);
            }
        }
    }

    private @Nullable YamlNode schemaOf(Mapping rules, String key) {
        YamlNode declared = rules.get("properties") instanceof Mapping properties ? properties.get(key) : null;
        if (declared != null) {
            return declared;
        }
        if (rules.get("patternProperties") instanceof Mapping families) {
            for (Entry family : families.entries()) {
                if (finds(new Scalar(family.position(), family.key(), Scalar.Kind.STRING), key)) {
                    return family.value();
                }
            }
        }
        return rules.get("additionalProperties");
    }

    private static String hint(Mapping rules, String key) {
        List<String> known = rules.get("properties") instanceof Mapping properties ? properties.keys() : List.of();
        String hint = Spelling.hint(key, known);
        boolean isShort = !known.isEmpty() && known.size() <= MAX_LISTED;
        return hint.isEmpty() && isShort ? "; known here: " + String.join(", ", known) : hint;
    }

    private void checkConditions(Mapping rules, YamlNode node, String path, Problems problems) {
        if (rules.get("allOf") instanceof Sequence all) {
            all.items().forEach(part -> check(part, node, path, problems));
        }
        YamlNode condition = rules.get("if");
        YamlNode consequence = rules.get("then");
        if (condition != null && consequence != null && matches(condition, node)) {
            check(consequence, node, path, problems);
        }
    }

    private boolean matches(YamlNode schema, YamlNode node) {
        Problems silent = new Problems("");
        check(schema, node, "", silent);
        return !silent.hasErrors();
    }

    private static List<String> texts(YamlNode node) {
        List<YamlNode> items = node instanceof Sequence sequence ? sequence.items() : List.of(node);
        return items.stream()
                .filter(Scalar.class::isInstance)
                .map(item -> ((Scalar) item).text())
                .toList();
    }
}
