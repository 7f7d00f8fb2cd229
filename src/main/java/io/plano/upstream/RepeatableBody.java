package io.plano.upstream;

/** A body that is all in memory: any thread may read it, one at a time, and it can be sent again from its beginning. */
public interface RepeatableBody extends RequestBody {
    /** Starts again. Called when nothing of it is being sent. */
    void rewind();
}
