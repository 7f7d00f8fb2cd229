package io.plano.upstream;

import org.apache.hc.core5.http.nio.AsyncDataProducer;

/** A body that is all in memory: any thread may read it, one at a time, and it can be sent again from its beginning. */
public interface RepeatableBody extends AsyncDataProducer {
    /** Starts again. Called when nothing of it is being sent. */
    void rewind();
}
