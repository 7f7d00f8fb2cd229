package io.plano.command;

import io.plano.config.ConfigLoader;
import io.plano.config.LoadResult;
import io.plano.config.yaml.ConfigProblem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The command line: {@code serve} (also without a word), {@code check}, {@code demo}. Problems of a configuration go to
 * standard output, one a line, as compilers print them; everything else that goes wrong goes to standard error.
 */
public final class Main {
    static final int SUCCESS = 0;
    static final int FAILURE = 1;
    static final int WRONG_USAGE = 2;

    /** A thread is lost without which the gateway cannot serve: to be started again. {@code EX_SOFTWARE} of sysexits. */
    static final int CANNOT_GO_ON = 70;

    private final Console console;

    public Main(Console console) {
        this.console = console;
    }

    /** For a class path; the archive starts {@link #run} through {@code io.plano.boot.Launcher}. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Returns the exit code when all is done: for a server, after it was stopped. */
    public static int run(String... arguments) {
        return new Main(Console.system()).execute(List.of(arguments));
    }

    public int execute(List<String> arguments) {
        try {
            return execute(CommandLine.parse(arguments));
        } catch (CommandLine.UsageException failure) {
            console.err().println("plano: " + visible(failure.getMessage()));
            console.err().print(CommandLine.USAGE);
            return WRONG_USAGE;
        } catch (IOException failure) {
            console.err().println("plano: " + visible(failure.getMessage()));
            return FAILURE;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return FAILURE;
        }
    }

    private int execute(CommandLine line) throws IOException, InterruptedException {
        return switch (line.command()) {
            case SERVE -> serve(load(line.config()));
            case SERVE_ZERO_CONFIG -> serve(ConfigLoader.zeroConfig(console.environment(), line.port()));
            case CHECK -> check(load(line.config()));
            case DEMO -> new Demo(console).run(line.port());
            case VERSION -> say("Plano Gateway " + version());
            case HELP -> say(CommandLine.USAGE.stripTrailing());
        };
    }

    private LoadResult load(@Nullable Path option) throws IOException {
        Path file = ConfigFile.find(option, System.getProperty("plano.config"), console.environment());
        if (file == null) {
            throw new IOException("no configuration file: neither --config, nor system property plano.config, nor"
                    + " environment variable PLANO_CONFIG_FILE, nor conf/plano.yaml");
        }
        return ConfigLoader.load(file, console.environment());
    }

    private int serve(LoadResult loaded) throws IOException, InterruptedException {
        if (loaded.snapshot() == null) {
            return check(loaded);
        }
        return new Service(console).run(loaded.snapshot(), loaded.problems());
    }

    private int check(LoadResult loaded) {
        for (ConfigProblem problem : loaded.problems()) {
            console.out().println(problem);
        }
        return loaded.isValid() ? SUCCESS : FAILURE;
    }

    /** Arguments and names of files may hold what changes a terminal. */
    private static String visible(@Nullable String text) {
        return text == null ? "" : text.replaceAll("\\p{Cntrl}|\\p{Cf}", "?");
    }

    private int say(String text) {
        console.out().println(text);
        return SUCCESS;
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream bytes = Main.class.getResourceAsStream("version.properties")) {
            if (bytes != null) {
                properties.load(bytes);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return properties.getProperty("version", "unknown");
    }
}
