package io.plano.translate;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request in a provider's format.
 *
 * @param body the JSON document
 * @param dropped what was left out, by the names of the client's format
 * @param renamedTools the names of tools as the provider knows them, if they differ, and as the client does
 * @param customTools the names, as the provider knows them, of tools that take free text in the client's format and had to
 *     become functions with one string, {@code input}: calls of them turn back into custom ones on their way to the client
 * @param answerTool the tool whose call is the answer's text, if the provider's model could not be asked for the form of
 *     the answer otherwise; or null
 * @param stops texts at which the gateway has to end the answer itself, since the provider cannot be asked to
 */
public record EncodedRequest(
        byte[] body,
        Set<String> dropped,
        Map<String, String> renamedTools,
        Set<String> customTools,
        @Nullable String answerTool,
        List<String> stops) {
    public EncodedRequest(byte[] body, Set<String> dropped, Map<String, String> renamedTools) {
        this(body, dropped, renamedTools, Set.of());
    }

    public EncodedRequest(byte[] body, Set<String> dropped, Map<String, String> renamedTools, Set<String> customTools) {
        this(body, dropped, renamedTools, customTools, null);
    }

    public EncodedRequest(
            byte[] body,
            Set<String> dropped,
            Map<String, String> renamedTools,
            Set<String> customTools,
            @Nullable String answerTool) {
        this(body, dropped, renamedTools, customTools, answerTool, List.of());
    }

    /** The same, if the gateway has to end the answer at these texts. */
    public EncodedRequest endingAt(List<String> texts) {
        return new EncodedRequest(body, dropped, renamedTools, customTools, answerTool, List.copyOf(texts));
    }

    /** The same, if this was left out before. */
    EncodedRequest alsoWithout(String member) {
        Set<String> all = new LinkedHashSet<>(Set.of(member));
        all.addAll(dropped);
        return new EncodedRequest(body, all, renamedTools, customTools, answerTool, stops);
    }
}
