package io.plano.integration;

/** What belongs to the containers and not to the gateway. */
final class Containers {
    /** Their loggers, which write whole requests at their most verbose: no application can rule that. */
    static final String[] LOGGERS = {
        "org.eclipse.jetty", "org.apache.coyote", "org.apache.tomcat", "org.apache.catalina"
    };

    private Containers() {}
}
