package io.plano.upstream;

import org.apache.hc.core5.http.nio.AsyncDataProducer;

/** A body that can be sent again from its beginning. */
public interface RepeatableBody extends AsyncDataProducer {
    /** Starts again. Called on a reactor thread, when nothing of it is being sent. */
    void rewind();
}
