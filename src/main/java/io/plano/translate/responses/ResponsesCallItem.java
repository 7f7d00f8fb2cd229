package io.plano.translate.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.Json;
import io.plano.translate.neutral.ToolKind;

/** A call of a function or of a custom tool. */
final class ResponsesCallItem extends ResponsesOutputItem {
    private static final String ARGUMENTS = "response.function_call_arguments.delta";
    private static final String INPUT = "response.custom_tool_call_input.delta";

    private final StringBuilder input = new StringBuilder();
    private final ToolKind kind;
    private final byte[] deltaHead;
    private final byte[] place;
    private final ObjectNode head;
    private boolean complete;

    /**
     * @param head {@code call_id}, {@code name} and {@code namespace}
     */
    ResponsesCallItem(ResponsesEvents events, String id, int outputIndex, ToolKind kind, ObjectNode head) {
        super(events, id, outputIndex);
        this.kind = kind;
        this.head = head;
        deltaHead = events.head(kind == ToolKind.FUNCTION ? ARGUMENTS : INPUT);
        place = ResponsesEvents.place(id, outputIndex, "", 0);
    }

    void append(String piece) {
        input.append(piece);
        events.delta(deltaHead, place, piece);
    }

    /** Whether all of its input has come. */
    boolean isComplete() {
        return complete;
    }

    @Override
    void complete() {
        if (complete) {
            return;
        }
        complete = true;
        if (kind == ToolKind.FUNCTION && input.isEmpty()) {
            append("{}");
        }
        if (kind == ToolKind.FUNCTION) {
            events.write("response.function_call_arguments.done", event -> {
                place(event);
                event.set("name", head.get("name"));
                event.put("arguments", input.toString());
            });
        } else {
            events.write("response.custom_tool_call_input.done", event -> {
                place(event);
                event.put("input", input.toString());
            });
        }
    }

    @Override
    ObjectNode item(String status) {
        boolean function = kind == ToolKind.FUNCTION;
        ObjectNode item = Json.nodes()
                .objectNode()
                .put("id", id)
                .put("type", function ? "function_call" : "custom_tool_call")
                .put("status", status);
        boolean begun = status.equals(IN_PROGRESS);
        return item.put(function ? "arguments" : "input", begun ? "" : input.toString())
                .setAll(head);
    }
}
