package io.plano.proxy.answer;

import io.plano.http.VisibleAscii;
import java.util.Set;

/**
 * What a translated request lost, as one header value. Names of members are the client's own text: whatever in them is no
 * visible ASCII becomes a question mark, and long names and lists are cut.
 */
public final class DroppedMembers {
    static final String HEADER = "x-plano-dropped";

    private static final int MAX_NAME = 100;
    private static final int MAX_LENGTH = 2_000;

    private DroppedMembers() {}

    public static String headerValue(Set<String> names) {
        StringBuilder value = new StringBuilder();
        for (String name : names) {
            if (value.length() + Math.min(name.length(), MAX_NAME) > MAX_LENGTH) {
                return value.append(", ...").toString();
            }
            value.append(value.isEmpty() ? "" : ", ");
            VisibleAscii.append(value, name, ',', MAX_NAME);
        }
        return value.toString();
    }
}
