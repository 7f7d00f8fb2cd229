package io.plano.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help", "serve --help", "check -h", "demo --help"})
    void printsItsUsageOnRequest(String line) {
        assertThat(run(line)).isZero();
        assertThat(out.toString(UTF_8)).startsWith("Usage: java -jar plano.war");
        assertThat(err.size()).isZero();
    }

    @Test
    void printsItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString(UTF_8)).matches("Plano Gateway \\d+\\.\\d+\\.\\d+\\R");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bogus",
                "--bogus",
                "serve --port 1",
                "check --port=1",
                "demo --config x",
                "--config",
                "--config=",
                "serve extra",
                "serve --zero-config --config x",
                "--config x --zero-config",
                "--zero-config=yes",
                "check --zero-config",
                "demo --zero-config",
                "demo --port",
                "demo --port x",
                "demo --port 65536",
                "--version extra"
            })
    void exitsWithTwoAndTheUsageWhereItDoesNotUnderstand(String line) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith("plano: ").contains("Usage:");
        assertThat(out.size()).isZero();
    }

    @Test
    void checksAValidFileSilently() throws IOException {
        Path file = write("model_providers: [{model: openai/gpt-4o, passthrough_auth: true, default: true}]\n");
        assertThat(run("check --config " + file)).isZero();
        assertThat(run("check --config=" + file)).isZero();
        assertThat(out.toString(UTF_8)).doesNotContain("error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "serve", ""})
    void printsProblemsAsCompilersDoAndExitsWithOne(String command) throws IOException {
        Path file = write("model_providers: [{model: no-slash}]\n");
        assertThat(run((command + " --config " + file).strip())).isEqualTo(1);
        assertThat(out.toString(UTF_8).lines())
                .isNotEmpty()
                .allMatch(line -> line.startsWith(file + ":") && line.matches(".*:\\d+:\\d+: (error|warning): .*"));
    }

    @Test
    void printsTenLinesForTenMistakes() throws IOException {
        Path file = write(resource("/config-invalid/ten-mistakes.yaml"));

        assertThat(run("check --config " + file)).isEqualTo(1);

        List<String> expected = resource("/config-invalid/ten-mistakes.expected")
                .lines()
                .map(line -> file + ":" + line)
                .toList();
        assertThat(out.toString(UTF_8).lines()).hasSize(10).containsExactlyElementsOf(expected);
        assertThat(out.toString(UTF_8)).doesNotContain("password@").doesNotContain("Bearer something");
    }

    @Test
    void reportsAMissingFileAsAProblemOfTheFile() {
        Path file = directory.resolve("none.yaml");
        assertThat(run("check --config " + file)).isEqualTo(1);
        assertThat(out.toString(UTF_8)).startsWith(file + ":").contains("error");
    }

    @Test
    void takesTheFileFromTheEnvironment() throws IOException {
        Path file = write("model_providers: [{model: no-slash}]\n");
        environment.put("PLANO_CONFIG_FILE", file.toString());
        assertThat(run("check")).isEqualTo(1);
        assertThat(out.toString(UTF_8)).startsWith(file.toString());
    }

    @Test
    void looksForItsFileInTheDocumentedOrder() {
        Map<String, String> variable = Map.of("PLANO_CONFIG_FILE", "variable.yaml");
        Path option = Path.of("option.yaml");
        assertThat(ConfigFile.find(option, "property.yaml", variable)).isEqualTo(option);
        assertThat(ConfigFile.find(null, "property.yaml", variable)).isEqualTo(Path.of("property.yaml"));
        assertThat(ConfigFile.find(null, " ", variable)).isEqualTo(Path.of("variable.yaml"));
    }

    @Test
    void readmeShowsTheCommandsThatTheDemoPrints() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        assertThat(Demo.commands(CommandLine.DEFAULT_PORT))
                .allSatisfy(command -> assertThat(readme).contains(command));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(MainTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("plano.yaml"), yaml);
    }

    private int run(String line) {
        Lifetime none = server -> {
            throw new AssertionError("nothing was to be started");
        };
        Console console =
                new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), environment, none);
        return new Main(console).execute(line.isEmpty() ? List.of() : List.of(line.split(" ")));
    }
}
