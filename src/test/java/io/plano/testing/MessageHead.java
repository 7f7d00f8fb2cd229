package io.plano.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The start line and the header lines of one message, in order and unjudged; octets are read as ISO 8859-1. */
record MessageHead(String startLine, List<HeaderLine> headerLines) {

    static MessageHead parse(byte[] head) {
        String[] lines = new String(head, StandardCharsets.ISO_8859_1).split("\r?\n", -1);
        List<HeaderLine> headerLines = new ArrayList<>();
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            headerLines.add(HeaderLine.parse(lines[i]));
        }
        return new MessageHead(lines[0], List.copyOf(headerLines));
    }

    @Nullable
    String header(String name) {
        List<String> values = headers(name);
        return values.isEmpty() ? null : values.get(0);
    }

    List<String> headers(String name) {
        return headerLines.stream()
                .filter(line -> line.isNamed(name))
                .map(HeaderLine::value)
                .toList();
    }

    /** Whether a comma-separated header holds this token, in any case. */
    boolean lists(String name, String token) {
        return headers(name).stream()
                .flatMap(value -> List.of(value.toLowerCase(Locale.ROOT).split(",")).stream())
                .anyMatch(member -> member.strip().equals(token));
    }
}
