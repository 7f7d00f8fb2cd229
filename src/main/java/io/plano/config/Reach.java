package io.plano.config;

import io.plano.snapshot.Listener;
import org.jspecify.annotations.Nullable;

/**
 * Who can reach what a file configures, as far as the file and its host say it.
 *
 * @param listener what the file says
 * @param host whose ports they are
 */
record Reach(Listener listener, ConfigHost host) {
    /**
     * What others connect to, for a sentence: the address, or the application where a container has the ports and the
     * listener says nothing; null where only this machine can.
     */
    @Nullable
    String place() {
        if (host == ConfigHost.CONTAINER) {
            return "this application";
        }
        String address = listener.address();
        if (BaseUrl.isLoopback(address)) {
            return null;
        }
        return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + listener.port();
    }
}
