package io.plano.command;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the user typed.
 *
 * @param command what to do
 * @param config the value of {@code --config}, or null
 * @param port the value of {@code --port}, or the default
 */
record CommandLine(Command command, @Nullable Path config, int port) {
    static final int DEFAULT_PORT = 12000;

    private static final String ZERO_CONFIG = "--zero-config";

    static final String USAGE = """
            Usage: java -jar plano.war [serve] [--config FILE]   run the gateway
                   java -jar plano.war [serve] --zero-config [--port N]
                                                                 run it without a file, with the usual providers
                   java -jar plano.war check [--config FILE]     print the problems of a configuration file
                   java -jar plano.war demo [--port N]           run the gateway in front of a stand-in provider
                   java -jar plano.war --version | --help

            Without --config the file is the first of: system property plano.config, environment variable
            PLANO_CONFIG_FILE, conf/plano.yaml. The log level is the environment variable PLANO_LOG_LEVEL.
            Exit codes: 0 success, 1 invalid configuration or no way to run, 2 wrong usage.
            """;

    /** The first word, or the option that stands for one. */
    enum Command {
        SERVE,
        /** {@code serve --zero-config}. */
        SERVE_ZERO_CONFIG,
        CHECK,
        DEMO,
        VERSION,
        HELP
    }

    /** Something on the command line that is not understood. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    /**
     * Options are written {@code --config FILE} or {@code --config=FILE}.
     *
     * @throws UsageException for words, options and values that have no meaning with the command
     */
    static CommandLine parse(List<String> arguments) throws UsageException {
        Command command = command(arguments);
        boolean isServe = command == Command.SERVE || command == Command.SERVE_ZERO_CONFIG;
        boolean isNamed = !arguments.isEmpty() && (!isServe || arguments.get(0).equals("serve"));
        CommandLine line = new CommandLine(command, null, DEFAULT_PORT);
        Iterator<String> rest = arguments.listIterator(isNamed ? 1 : 0);
        while (rest.hasNext()) {
            line = line.with(rest.next(), rest);
        }
        return line;
    }

    private static Command command(List<String> arguments) {
        return switch (arguments.isEmpty() ? "serve" : arguments.get(0)) {
            case "check" -> Command.CHECK;
            case "demo" -> Command.DEMO;
            case "--version", "-V" -> Command.VERSION;
            case "--help", "-h", "help" -> Command.HELP;
            default -> arguments.contains(ZERO_CONFIG) ? Command.SERVE_ZERO_CONFIG : Command.SERVE;
        };
    }

    private CommandLine with(String argument, Iterator<String> rest) throws UsageException {
        int equals = argument.indexOf('=');
        String option = equals < 0 ? argument : argument.substring(0, equals);
        if (option.equals("--help") || option.equals("-h")) {
            return new CommandLine(Command.HELP, config, port);
        }
        if (command == Command.SERVE_ZERO_CONFIG && argument.equals(ZERO_CONFIG)) {
            return this;
        }
        boolean takesConfig = command == Command.SERVE || command == Command.CHECK;
        if (takesConfig && option.equals("--config")) {
            return new CommandLine(command, path(value(argument, equals, rest)), port);
        }
        boolean takesPort = command == Command.DEMO || command == Command.SERVE_ZERO_CONFIG;
        if (takesPort && option.equals("--port")) {
            return new CommandLine(command, config, port(value(argument, equals, rest)));
        }
        throw new UsageException("unknown argument: " + argument);
    }

    private static String value(String argument, int equals, Iterator<String> rest) throws UsageException {
        String value = equals >= 0 ? argument.substring(equals + 1) : rest.hasNext() ? rest.next() : "";
        if (value.isEmpty()) {
            throw new UsageException("missing value: " + argument);
        }
        return value;
    }

    private static Path path(String value) throws UsageException {
        try {
            return Path.of(value);
        } catch (InvalidPathException invalid) {
            throw new UsageException("not a file name: " + value);
        }
    }

    private static int port(String value) throws UsageException {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException ignored) {
            // Reported below, with what is no port either.
        }
        throw new UsageException("not a port: " + value);
    }
}
