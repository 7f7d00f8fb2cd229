package io.plano.translate.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** An item that came whole and goes as it is: reasoning of which nothing is shown, or one that only this format knows. */
final class ResponsesVerbatimItem extends ResponsesOutputItem {
    private final ObjectNode given;

    ResponsesVerbatimItem(ResponsesEvents events, ObjectNode given, int outputIndex) {
        super(events, given.path("id").asText(""), outputIndex);
        this.given = given;
    }

    @Override
    void complete() {
        // It was complete from the start.
    }

    @Override
    ObjectNode item(String status) {
        return given;
    }
}
