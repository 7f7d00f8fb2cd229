package io.plano.translate;

import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Turn;
import java.util.ArrayList;
import java.util.List;

/**
 * The line that Claude Code writes in front of its system text, for Anthropic's billing. Anthropic takes it out; to any other
 * provider it is a beginning that changes from request to request, so that nothing behind it is ever found in a cache of
 * what began alike (github.com/anthropics/claude-code/issues/68900). Stateless.
 */
final class BillingHeader {
    /** How the gateway names what it left out. */
    static final String MEMBER = "system.x-anthropic-billing-header";

    private static final String BEGINNING = "x-anthropic-billing-header:";

    private BillingHeader() {}

    static boolean isIn(ChatRequest request) {
        if (request.turns().isEmpty()) {
            return false;
        }
        Turn first = request.turns().get(0);
        return first.role() == Turn.Role.SYSTEM
                && !first.parts().isEmpty()
                && first.parts().get(0) instanceof Part.Text text
                && text.text().startsWith(BEGINNING);
    }

    /** The request without the line that {@linkplain #isIn is in it}. */
    static ChatRequest without(ChatRequest request) {
        Turn first = request.turns().get(0);
        Part.Text text = (Part.Text) first.parts().get(0);
        List<Part> parts =
                new ArrayList<>(first.parts().subList(1, first.parts().size()));
        int end = text.text().indexOf('\n');
        String rest = end < 0 ? "" : text.text().substring(end).strip();
        if (!rest.isEmpty()) {
            parts.add(0, new Part.Text(rest, text.extras()));
        }
        List<Turn> turns =
                new ArrayList<>(request.turns().subList(1, request.turns().size()));
        if (!parts.isEmpty()) {
            turns.add(0, new Turn(first.role(), parts, first.extras()));
        }
        return request.withTurns(turns);
    }
}
