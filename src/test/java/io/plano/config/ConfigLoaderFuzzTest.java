package io.plano.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.plano.config.yaml.ConfigProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes at all become a snapshot or errors with a place, within two seconds. */
class ConfigLoaderFuzzTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("A", "x", "EMPTY", "", "N", "12", "T", "true");
    private static final Duration LIMIT = Duration.ofSeconds(2);

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "conf",
                        "conf/examples",
                        "src/test/resources/plano-configs",
                        "src/test/resources/config-invalid",
                        "src/test/resources/config-hostile")
                .flatMap(ConfigLoaderFuzzTest::files);
    }

    private static Stream<byte[]> files(String folder) {
        try (Stream<Path> paths = Files.list(Path.of(folder))) {
            List<byte[]> files = paths.filter(path -> path.toString().endsWith(".yaml"))
                    .map(ConfigLoaderFuzzTest::bytes)
                    .toList();
            return files.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "2m")
    void answersWithASnapshotOrWithErrors(byte[] content) {
        long start = System.nanoTime();

        LoadResult result = ConfigLoader.parse(content, "f", ENVIRONMENT);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
        assertThat(result.isValid()).isNotEqualTo(result.problems().stream().anyMatch(ConfigProblem::isError));
        assertThat(result.problems()).allMatch(problem -> problem.line() > 0 && problem.column() > 0);
    }
}
