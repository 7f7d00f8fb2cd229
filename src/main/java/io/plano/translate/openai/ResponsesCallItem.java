package io.plano.translate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.Json;

/**
 * A call of a tool. Providers without custom tools get such a tool as a function with one member, {@code input}; what they send
 * for it is held back until it is whole, since the client wants the text that is in it.
 */
final class ResponsesCallItem extends ResponsesOutputItem {
    private static final byte[] ARGUMENTS = ResponsesEvents.head("response.function_call_arguments.delta");
    private static final byte[] INPUT = ResponsesEvents.head("response.custom_tool_call_input.delta");

    /** How the input comes and goes. */
    enum Form {
        /** A JSON object, passed on. */
        FUNCTION,
        /** Free text, passed on. */
        CUSTOM,
        /** Free text in a JSON object. */
        WRAPPED
    }

    private final StringBuilder input = new StringBuilder();
    private final Form form;
    private final byte[] place;
    private final ObjectNode head;
    private boolean complete;

    /**
     * @param head {@code call_id}, {@code name} and {@code namespace}
     */
    ResponsesCallItem(ResponsesEvents events, String id, int outputIndex, Form form, ObjectNode head) {
        super(events, id, outputIndex);
        this.form = form;
        this.head = head;
        place = ResponsesEvents.place(id, outputIndex, "", 0);
    }

    void append(String piece) {
        input.append(piece);
        if (form != Form.WRAPPED) {
            events.delta(form == Form.FUNCTION ? ARGUMENTS : INPUT, place, piece);
        }
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
        if (form == Form.WRAPPED) {
            String text = unwrapped();
            input.setLength(0);
            input.append(text);
            if (!text.isEmpty()) {
                events.delta(INPUT, place, text);
            }
        } else if (form == Form.FUNCTION && input.isEmpty()) {
            append("{}");
        }
        if (form == Form.FUNCTION) {
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

    private String unwrapped() {
        JsonNode wrapped = Json.read(input.toString());
        JsonNode text = wrapped == null ? null : wrapped.get("input");
        return text != null && text.isTextual() ? text.textValue() : input.toString();
    }

    @Override
    ObjectNode item(String status) {
        boolean function = form == Form.FUNCTION;
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
