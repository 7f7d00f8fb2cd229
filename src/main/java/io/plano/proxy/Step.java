package io.plano.proxy;

import java.io.IOException;

/** A step of the story of one exchange. What it throws ends that exchange. */
interface Step {
    void take() throws IOException;

    /** A step that goes on with a value. */
    interface With<T> {
        void take(T value) throws IOException;
    }
}
