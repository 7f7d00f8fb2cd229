package io.plano.config.yaml;

import io.plano.config.SafeText;
import io.plano.config.yaml.YamlNode.Entry;
import io.plano.config.yaml.YamlNode.Mapping;
import io.plano.config.yaml.YamlNode.Scalar;
import io.plano.config.yaml.YamlNode.Sequence;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of the file with its key path: what readers take typed values from. A value of the wrong type is reported
 * and reads as null, like one that is not there, so that readers go on and find every problem in one run. Variables are
 * replaced when a value is read; whoever does not read a value needs none of its variables.
 */
public final class Section {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9}(?:[.][0-9]{1,9})?)(ms|s|m|h)");

    private static final Pattern GLUED_KEY = Pattern.compile("\\s[A-Za-z_]{1,64}:\\S");

    private final Mapping mapping;
    private final String path;
    private final Variables variables;
    private final Problems problems;

    public Section(Mapping mapping, String path, Variables variables, Problems problems) {
        this.mapping = mapping;
        this.path = path;
        this.variables = variables;
        this.problems = problems;
    }

    public String path() {
        return path;
    }

    public Position position() {
        return mapping.position();
    }

    public List<String> keys() {
        return mapping.keys();
    }

    public boolean has(String key) {
        return mapping.get(key) != null;
    }

    @Nullable
    public YamlNode node(String key) {
        return mapping.get(key);
    }

    public String path(String key) {
        return YamlReader.join(path, key);
    }

    /** Where the value of the key stands, or this section where there is none. */
    public Position position(String key) {
        YamlNode node = mapping.get(key);
        return node == null ? mapping.position() : node.position();
    }

    /** Where the key itself stands, or this section where there is none. */
    public Position positionOfKey(String key) {
        Entry entry = mapping.entry(key);
        return entry == null ? mapping.position() : entry.position();
    }

    public void error(String key, String message) {
        problems.error(position(key), path(key), message);
    }

    public void warning(String key, String message) {
        problems.warning(position(key), path(key), message);
    }

    public Problems problems() {
        return problems;
    }

    /** The string as the file has it, variables and all. */
    @Nullable
    public String raw(String key) {
        return mapping.get(key) instanceof Scalar scalar && isText(scalar) ? scalar.text() : null;
    }

    private static boolean isText(Scalar scalar) {
        return scalar.kind() == Scalar.Kind.STRING;
    }

    /** The string with its variables replaced; null, with the problem reported, where one of them is not set. */
    @Nullable
    public String text(String key) {
        YamlNode node = mapping.get(key);
        if (node == null) {
            return null;
        }
        if (!(node instanceof Scalar scalar) || !isText(scalar)) {
            error(key, "must be a string");
            return null;
        }
        return substitute(key, scalar.text());
    }

    private @Nullable String substitute(String key, String raw) {
        if (raw.length() > Variables.MAX_TEXT) {
            error(key, "is longer than " + Variables.MAX_TEXT + " characters");
            return null;
        }
        Variables.Result result = variables.substitute(raw);
        if (result.problem() != null) {
            error(key, result.problem());
            return null;
        }
        if (!result.unset().isEmpty()) {
            error(key, unset(raw, result.unset().get(0)));
            return null;
        }
        return result.text();
    }

    private static String unset(String raw, String name) {
        boolean isBraced = raw.equals("${" + name + "}");
        if (isBraced || raw.equals("$" + name)) {
            return SafeText.isVariableName(name) || (isBraced && SafeText.isVariableName(name.toUpperCase(Locale.ROOT)))
                    ? "environment variable " + name + " is not set; set it, or give a default: ${" + name + ":-...}"
                    : "the environment variable that it names is not set; write $$ for a literal dollar sign";
        }
        // In the middle of a longer value the name may be a piece of a secret that has a dollar sign in it.
        boolean isReference = raw.contains("${" + name + "}") || raw.contains(":-$" + name);
        return (isReference && SafeText.isVariableName(name)
                        ? "environment variable " + name + ", which it names,"
                        : "an environment variable that it names")
                + " is not set; write $$ for a literal dollar sign";
    }

    /**
     * As {@link #text}, for what stands in logs and lists: on one line, and without what looks like a key of the next line
     * whose colon has no blank behind it, since YAML then reads on.
     */
    @Nullable
    public String name(String key) {
        String text = text(key);
        if (text == null) {
            return null;
        }
        if (text.chars().anyMatch(c -> SafeText.isUnsafe((char) c))) {
            error(key, "holds a control character, such as a line break");
            return null;
        }
        if (GLUED_KEY.matcher(text).find()) {
            error(key, "reads on into the next line; is a blank missing behind its colon?");
            return null;
        }
        return text;
    }

    /** True or false, written without quotes or held by a variable. */
    @Nullable
    public Boolean flag(String key) {
        Scalar scalar = scalar(key);
        if (scalar == null) {
            return null;
        }
        String text = scalar.text().toLowerCase(Locale.ROOT);
        if (scalar.kind() == Scalar.Kind.STRING) {
            String replaced = variable(key, scalar.text());
            if (replaced == null) {
                return null;
            }
            text = replaced.toLowerCase(Locale.ROOT);
        }
        return switch (text) {
            case "true", "yes", "on" -> Boolean.TRUE;
            case "false", "no", "off" -> Boolean.FALSE;
            default -> {
                error(key, "must be true or false, without quotes");
                yield null;
            }
        };
    }

    /** A whole number in decimal digits from {@code min} to {@code max}. */
    @Nullable
    public Long number(String key, long min, long max) {
        Scalar scalar = scalar(key);
        if (scalar == null) {
            return null;
        }
        String text = scalar.kind() == Scalar.Kind.STRING ? variable(key, scalar.text()) : scalar.text();
        if (text == null) {
            return null;
        }
        if (!text.matches("[+-]?[0-9]{1,18}")) {
            error(key, "must be a whole number in decimal digits, without quotes");
            return null;
        }
        long number = Long.parseLong(text);
        if (number < min || number > max) {
            error(key, "must be from " + min + " to " + max);
            return null;
        }
        return number;
    }

    private @Nullable Scalar scalar(String key) {
        YamlNode node = mapping.get(key);
        if (node == null || node instanceof Scalar) {
            return (Scalar) node;
        }
        error(key, "must be a single value");
        return null;
    }

    /** What a variable in a field that is no string holds; a quoted value without one is a mistake. */
    private @Nullable String variable(String key, String raw) {
        if (!Variables.hasReference(raw)) {
            error(key, "must be written without quotes");
            return null;
        }
        String text = substitute(key, raw);
        return text == null ? null : text.strip();
    }

    /** A duration such as {@code 500ms}, {@code 30s}, {@code 5m} or {@code 1.5h}; zero is refused. */
    @Nullable
    public Duration duration(String key) {
        String text = text(key);
        if (text == null) {
            return null;
        }
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            error(key, "must be a duration such as 500ms, 30s or 5m");
            return null;
        }
        BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(nanosIn(matcher.group(2))));
        Duration duration = Duration.ofSeconds(nanos.longValue() / 1_000_000_000L, nanos.longValue() % 1_000_000_000L);
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0 || duration.compareTo(Duration.ofDays(7)) > 0) {
            error(key, "is longer than seven days");
            return null;
        }
        if (duration.toMillis() == 0) {
            error(key, "must be at least 1ms");
            return null;
        }
        return duration;
    }

    private static long nanosIn(String unit) {
        return switch (unit) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
    }

    /** The mapping under the key; an empty one where there is none. */
    public Section section(String key) {
        Section section = sectionOrNull(key);
        return section != null ? section : at(Mapping.EMPTY, path(key));
    }

    /** The mapping under the key, or null. */
    @Nullable
    public Section sectionOrNull(String key) {
        return mapping.get(key) instanceof Mapping child ? at(child, path(key)) : null;
    }

    /** The mappings in the list under the key; other items are reported by the schema and left out. */
    public List<Section> sections(String key) {
        List<Section> sections = new ArrayList<>();
        if (mapping.get(key) instanceof Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                if (sequence.items().get(i) instanceof Mapping child) {
                    sections.add(at(child, path(key) + "[" + i + "]"));
                }
            }
        }
        return sections;
    }

    /** The strings in the list under the key, as the file has them. */
    public List<Scalar> scalars(String key) {
        List<Scalar> scalars = new ArrayList<>();
        if (mapping.get(key) instanceof Sequence sequence) {
            for (YamlNode item : sequence.items()) {
                if (item instanceof Scalar scalar) {
                    scalars.add(scalar);
                }
            }
        }
        return scalars;
    }

    private Section at(Mapping child, String childPath) {
        return new Section(child, childPath, variables, problems);
    }
}
