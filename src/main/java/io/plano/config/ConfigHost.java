package io.plano.config;

/** Who runs the gateway that a file configures, and so who decides which addresses it is reached at. */
public enum ConfigHost {
    /** The gateway's own server, which listens where the file says. */
    OWN_SERVER,
    /** A servlet container, which has ports of its own; they are not in the file. */
    CONTAINER
}
