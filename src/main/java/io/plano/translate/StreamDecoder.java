package io.plano.translate;

import io.plano.body.EventSink;

/** Reads the events of one stream and pushes what they mean. One thread at a time. */
public interface StreamDecoder extends EventSink {
    /**
     * The stream has ended, in order as far as the transport can tell. Whether it was complete is for the decoder to say:
     * it is not if neither its format's last event nor a reason to finish came.
     */
    void end();
}
