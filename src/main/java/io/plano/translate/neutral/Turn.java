package io.plano.translate.neutral;

import java.util.List;

/**
 * One contribution to the conversation. Turns of one role may follow each other; an encoder joins them if its format
 * wants that. The results of tools are parts of {@link Role#USER} turns of their own, as many in one turn as followed each
 * other.
 *
 * @param role whose it is
 * @param parts what it says, in its order; may be empty
 * @param extras members of the turn itself ({@code name})
 */
public record Turn(Role role, List<Part> parts, Extras extras) {
    /** Who speaks. */
    public enum Role {
        SYSTEM,
        /** OpenAI's newer word for a system text. */
        DEVELOPER,
        USER,
        ASSISTANT
    }

    public Turn {
        parts = List.copyOf(parts);
    }

    public Turn(Role role, List<Part> parts) {
        this(role, parts, Extras.NONE);
    }
}
