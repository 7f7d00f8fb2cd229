package io.plano.body;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The parameters of a field value such as {@code multipart/form-data; boundary=x} (RFC 9110 §5.6.6). */
final class FieldParameters {
    private final String text;
    private int index;

    private FieldParameters(String text, int index) {
        this.text = text;
        this.index = index;
    }

    /** The part before the parameters, in lower case. */
    static String mainValue(String fieldValue) {
        int end = fieldValue.indexOf(';');
        return (end < 0 ? fieldValue : fieldValue.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /**
     * The parameters by lower-case name, or null where readers could disagree on them: a name that comes twice, a
     * parameter without a value, an open quote, text behind a quoted value.
     */
    static @Nullable Map<String, String> parse(String fieldValue) {
        int start = fieldValue.indexOf(';');
        FieldParameters parameters = new FieldParameters(fieldValue, start < 0 ? fieldValue.length() : start);
        Map<String, String> values = new TreeMap<>();
        while (parameters.skipSeparators()) {
            String name = parameters.name();
            String value = name == null ? null : parameters.value();
            if (name == null || value == null || values.put(name, value) != null) {
                return null;
            }
        }
        return parameters.index == fieldValue.length() ? values : null;
    }

    /** Whether another parameter follows. */
    private boolean skipSeparators() {
        skipBlanks();
        if (index < text.length() && text.charAt(index) != ';') {
            return false;
        }
        while (index < text.length() && (text.charAt(index) == ';' || isBlank(text.charAt(index)))) {
            index++;
        }
        return index < text.length();
    }

    private @Nullable String name() {
        int equals = text.indexOf('=', index);
        if (equals < 0) {
            return null;
        }
        String name = text.substring(index, equals).strip().toLowerCase(Locale.ROOT);
        index = equals + 1;
        return name.isEmpty() || name.indexOf(';') >= 0 || name.indexOf('"') >= 0 ? null : name;
    }

    private @Nullable String value() {
        skipBlanks();
        if (index < text.length() && text.charAt(index) == '"') {
            return quoted();
        }
        int end = text.indexOf(';', index);
        end = end < 0 ? text.length() : end;
        String value = text.substring(index, end).strip();
        index = end;
        return value.indexOf('"') >= 0 || value.indexOf(' ') >= 0 ? null : value;
    }

    private @Nullable String quoted() {
        StringBuilder value = new StringBuilder();
        for (index++; index < text.length(); index++) {
            char c = text.charAt(index);
            if (c == '"') {
                index++;
                return value.toString();
            }
            if (c == '\\' && index + 1 < text.length()) {
                // Kept: readers disagree on what a backslash means here, and the caller has to know that there was one.
                value.append(c);
                c = text.charAt(++index);
            }
            value.append(c);
        }
        return null;
    }

    private void skipBlanks() {
        while (index < text.length() && isBlank(text.charAt(index))) {
            index++;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
