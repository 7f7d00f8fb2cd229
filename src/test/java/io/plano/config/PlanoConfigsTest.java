package io.plano.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.snapshot.GatewaySnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every configuration file of the Plano project gets the verdict that Plano's own validator gives it. */
class PlanoConfigsTest {
    static Stream<Row> rows() {
        return Configs.resource("/plano-configs/EXPECTED.tsv").lines().skip(1).map(Row::of);
    }

    record Row(String file, int providers, Map<String, String> environment, boolean isValid) {
        static Row of(String line) {
            String[] cells = line.split("\t", -1);
            Map<String, String> environment = Arrays.stream(cells[5].split(","))
                    .filter(name -> !name.equals("-"))
                    .collect(Collectors.toMap(Function.identity(), name -> "value-of-" + name));
            return new Row(cells[0], Integer.parseInt(cells[4]), environment, cells[6].equals("valid"));
        }

        @Override
        public String toString() {
            return file;
        }
    }

    @Test
    void hasAVerdictForEveryFile() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/plano-configs"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".yaml")))
                    .containsExactlyInAnyOrderElementsOf(rows().map(Row::file).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void getsPlanosVerdict(Row row) {
        LoadResult result =
                ConfigLoader.parse(Configs.resource("/plano-configs/" + row.file()), row.file(), row.environment());

        assertThat(result.isValid()).as(result.problems().toString()).isEqualTo(row.isValid());
        GatewaySnapshot snapshot = result.snapshot();
        if (snapshot != null) {
            assertThat(snapshot.providers()).hasSize(row.providers());
            assertThat(snapshot.listeners()).hasSize(1);
        } else {
            assertThat(result.problems())
                    .anySatisfy(problem -> assertThat(problem.toString())
                            .contains("listener: is not a known key; did you mean 'listeners'?"));
        }
    }
}
