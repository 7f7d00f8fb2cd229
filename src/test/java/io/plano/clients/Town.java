package io.plano.clients;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A form that a model fills in. */
record Town(
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) long population) {
    static final Town EXPECTED = new Town(ToolProvider.TOWN, ToolProvider.POPULATION);
}
