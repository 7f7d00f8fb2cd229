package io.plano.translate.neutral;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a request, and how they may be used.
 *
 * @param choice null if the client does not say
 * @param parallel whether several may be called at once; null if the client does not say
 */
public record ToolUse(
        List<Tool> tools,
        @Nullable ToolChoice choice,
        @Nullable Boolean parallel) {
    public static final ToolUse NONE = new ToolUse(List.of(), null, null);

    public ToolUse {
        tools = List.copyOf(tools);
    }
}
