package io.plano.translate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls of tools that take free text for the client, and one string named {@code input} for the provider: what the
 * provider writes as JSON is held until it is whole, and handed on as the text that it says. One thread at a time.
 */
final class FreeTextCalls {
    private final Set<String> tools;
    private final Map<Integer, StringBuilder> open = new TreeMap<>();

    /** @param tools their names, as the provider knows them */
    FreeTextCalls(Set<String> tools) {
        this.tools = tools;
    }

    boolean start(int index, String name) {
        if (!tools.contains(name)) {
            return false;
        }
        open.put(index, new StringBuilder());
        return true;
    }

    /** Whether the call is one of these, which has taken the piece then. */
    boolean append(int index, String arguments) {
        StringBuilder held = open.get(index);
        if (held != null) {
            held.append(arguments);
        }
        return held != null;
    }

    /** The text of a call that has ended; null if it is none of these. */
    @Nullable
    String end(int index) {
        StringBuilder held = open.remove(index);
        if (held == null) {
            return null;
        }
        String json = held.toString();
        JsonNode arguments = Json.read(json);
        // A model that did not keep to the schema has said something all the same.
        return arguments != null && arguments.path(FreeTextTool.INPUT).isTextual()
                ? arguments.path(FreeTextTool.INPUT).textValue()
                : json;
    }

    /** The calls that have not ended. */
    Set<Integer> open() {
        return Set.copyOf(open.keySet());
    }
}
