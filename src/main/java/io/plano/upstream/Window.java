package io.plano.upstream;

import java.io.IOException;

/**
 * The flow-control window of one answer: how many bytes of its body the provider may send before whoever takes them says
 * more. Safe for every thread.
 */
public interface Window {
    /**
     * Lets the provider send more.
     *
     * @param increment in bytes, more than 0; added to what is left of the window
     * @throws IOException where the connection is gone, which the listener hears of apart from that
     */
    void update(int increment) throws IOException;
}
