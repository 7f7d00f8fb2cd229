package io.plano.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.yaml.ConfigProblem;
import io.plano.provider.Provider;
import io.plano.snapshot.GatewaySnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Loads texts for the tests of this package. */
public final class Configs {
    private Configs() {}

    public static LoadResult load(String yaml) {
        return load(yaml, Map.of());
    }

    public static LoadResult load(String yaml, Map<String, String> environment) {
        return ConfigLoader.parse(yaml, "plano.yaml", environment);
    }

    /** A file with these entries of {@code model_providers}, each a flow mapping, and nothing that is warned about. */
    public static String providers(String... entries) {
        return "version: v0.4.0\nlisteners: [{type: model, name: m, address: 127.0.0.1, port: 12000}]\nmodel_providers:\n  - "
                + String.join("\n  - ", entries) + "\n";
    }

    static GatewaySnapshot valid(String yaml, Map<String, String> environment) {
        LoadResult result = load(yaml, environment);
        GatewaySnapshot snapshot = result.snapshot();
        assertThat(result.problems()).filteredOn(ConfigProblem::isError).isEmpty();
        assertThat(snapshot).isNotNull();
        return snapshot;
    }

    static GatewaySnapshot valid(String yaml) {
        return valid(yaml, Map.of());
    }

    /** The only provider of a file with this one entry. */
    public static Provider provider(String entry) {
        return provider(entry, Map.of());
    }

    public static Provider provider(String entry, Map<String, String> environment) {
        List<Provider> providers = valid(providers(entry), environment).providers();
        assertThat(providers).hasSize(1);
        return providers.get(0);
    }

    static List<String> errors(String yaml) {
        return errors(yaml, Map.of());
    }

    /** The errors as they are printed, without the file's name. */
    static List<String> errors(String yaml, Map<String, String> environment) {
        LoadResult result = load(yaml, environment);
        assertThat(result.isValid()).isFalse();
        return result.problems().stream()
                .filter(ConfigProblem::isError)
                .map(problem -> problem.toString().substring("plano.yaml:".length()))
                .toList();
    }

    /** The warnings of a valid file as {@code key: message}. */
    public static List<String> warnings(String yaml, Map<String, String> environment) {
        LoadResult result = load(yaml, environment);
        assertThat(result.isValid()).as(result.problems().toString()).isTrue();
        return result.problems().stream()
                .map(problem -> problem.key() + ": " + problem.message())
                .toList();
    }

    static String resource(String path) {
        try (InputStream in = Configs.class.getResourceAsStream(path)) {
            assertThat(in).as(path).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
