package io.plano.translate.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One item of an answer while it is being written, with the events that it consists of. One thread at a time. */
abstract sealed class ResponsesOutputItem
        permits ResponsesMessageItem, ResponsesReasoningItem, ResponsesCallItem, ResponsesVerbatimItem {
    static final String COMPLETED = "completed";
    static final String INCOMPLETE = "incomplete";
    static final String IN_PROGRESS = "in_progress";

    final ResponsesEvents events;
    final String id;
    final int outputIndex;

    ResponsesOutputItem(ResponsesEvents events, String id, int outputIndex) {
        this.events = events;
        this.id = id;
        this.outputIndex = outputIndex;
    }

    /** Writes its first event. */
    void begin() {
        ObjectNode item = item(IN_PROGRESS);
        events.write(
                "response.output_item.added",
                event -> event.put("output_index", outputIndex).set("item", item));
    }

    /** Writes its last events, and tells what it has become. */
    ObjectNode end(String status) {
        complete();
        ObjectNode item = item(status);
        events.write(
                "response.output_item.done",
                event -> event.put("output_index", outputIndex).set("item", item));
        return item;
    }

    /** Writes the events that must come before the last one. */
    abstract void complete();

    /** The item as it is now. */
    abstract ObjectNode item(String status);

    final void place(ObjectNode event) {
        event.put("item_id", id).put("output_index", outputIndex);
    }
}
