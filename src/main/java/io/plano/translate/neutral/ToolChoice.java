package io.plano.translate.neutral;

import java.util.List;

/**
 * Whether the model is to call a tool.
 *
 * @param mode what it must do
 * @param allowed the only tools that it may call; empty for all of them. {@link Mode#REQUIRED} with one name forces that tool.
 */
public record ToolChoice(Mode mode, List<Named> allowed) {
    /** What the model must do. */
    public enum Mode {
        /** As it likes. */
        AUTO,
        /** Call none. */
        NONE,
        /** Call at least one. */
        REQUIRED
    }

    /** A tool by its name. */
    public record Named(ToolKind kind, String name) {}

    public ToolChoice {
        allowed = List.copyOf(allowed);
    }

    public ToolChoice(Mode mode) {
        this(mode, List.of());
    }
}
