package io.plano.testing;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One server-sent event (or comment) as it came.
 *
 * @param raw its text up to and with the empty line
 */
public record SseEvent(String raw) {

    /** The value of its {@code event} field, or null. */
    public @Nullable String type() {
        List<String> values = values("event");
        return values.isEmpty() ? null : values.get(values.size() - 1);
    }

    /** The values of its {@code data} fields, joined by line feeds; empty when there is none. */
    public String data() {
        return String.join("\n", values("data"));
    }

    private List<String> values(String field) {
        return raw.lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1))
                .map(value -> value.startsWith(" ") ? value.substring(1) : value)
                .collect(Collectors.toList());
    }
}
