package io.plano.command;

import java.io.PrintStream;
import java.util.Map;

/**
 * What the command line has around it; tests bring their own.
 *
 * @param out for what was asked for
 * @param err for what went wrong
 * @param environment the environment variables
 * @param lifetime how long a server runs
 */
public record Console(PrintStream out, PrintStream err, Map<String, String> environment, Lifetime lifetime) {
    public Console {
        environment = Map.copyOf(environment);
    }

    static Console system() {
        return new Console(System.out, System.err, System.getenv(), Lifetime.untilSignalled());
    }
}
