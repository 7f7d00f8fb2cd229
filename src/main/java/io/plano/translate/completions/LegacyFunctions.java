package io.plano.translate.completions;

import io.plano.provider.WireFormat;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.ToolNames;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The form that tools had before they were tools: {@code functions}, {@code function_call}, messages of the role {@code
 * function}. Its calls have no ids, so they get some here, the same every time: a call and the result that follows it are
 * paired by their name. Who asks in this form is answered in it. One instance a request; one thread.
 */
final class LegacyFunctions {
    private static final String MEMBER = "functions";
    private static final String PREFIX = "call_fn_";
    private static final int MAX_ID = 40;

    private final Map<String, Integer> calls = new HashMap<>();

    /** The id of the next call of that function. */
    String call(String name) {
        return id(name, calls.merge(name, 1, Integer::sum));
    }

    /** The id of the latest call of that function. */
    String result(String name) {
        return id(name, calls.getOrDefault(name, 0));
    }

    private static String id(String name, int number) {
        return ToolNames.legal(PREFIX + number + "_" + name, MAX_ID);
    }

    /** Whether the id is one that was made here. */
    static boolean isId(String id) {
        return id.startsWith(PREFIX);
    }

    /** Notes that the client speaks in this form: a member that was essential to its request, and has been read. */
    static Extras mark(Extras extras) {
        Set<String> essential = new LinkedHashSet<>(extras.essential());
        essential.add(MEMBER);
        return new Extras(WireFormat.COMPLETIONS, extras.members(), essential, extras.silent());
    }

    static boolean isMarked(ChatRequest request) {
        Extras extras = request.extras();
        return extras.source() == WireFormat.COMPLETIONS && extras.essential().contains(MEMBER);
    }
}
