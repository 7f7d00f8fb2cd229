package io.plano.demo;

import java.util.List;

/** How one API words an answer. The shapes follow recorded traffic of the real services. */
interface StandInDialect {
    /** The answer as one JSON document. */
    String json(StandInCall call);

    /** The answer as the complete sequence of events, its terminator included. */
    List<StandInEvent> events(StandInCall call);
}
