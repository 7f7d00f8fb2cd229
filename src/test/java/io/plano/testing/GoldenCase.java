package io.plano.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A recorded exchange with a provider: {@code src/test/resources/wire/golden}, whose {@code SOURCES.md} tells where each
 * comes from and under which licence.
 *
 * @param api the folder: {@code openai-chat}, {@code anthropic-messages}, …
 * @param name the case
 * @param provider who answered
 * @param status of the answer
 * @param tags what it shows
 */
public record GoldenCase(String api, String name, String provider, int status, Set<String> tags) {
    private static final Path ROOT = root();

    private static Path root() {
        URL index = Objects.requireNonNull(GoldenCase.class.getResource("/wire/golden/INDEX.tsv"));
        try {
            return Objects.requireNonNull(Path.of(index.toURI()).getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The cases of these folders, in the order of the index. */
    public static List<GoldenCase> of(String... apis) {
        Set<String> wanted = Set.of(apis);
        try (Stream<String> lines = Files.lines(ROOT.resolve("INDEX.tsv"))) {
            return lines.skip(1)
                    .map(line -> line.split("\t", -1))
                    .filter(cells -> wanted.contains(cells[0]))
                    .map(cells -> new GoldenCase(
                            cells[0],
                            cells[1],
                            cells[2],
                            Integer.parseInt(cells[3]),
                            Set.copyOf(Arrays.asList(cells[5].split(" ")))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean has(String file) {
        return Files.exists(folder().resolve(file));
    }

    /** {@code request.json}, {@code response.json}, {@code response.sse}, {@code derived.json}, {@code meta.json}. */
    public byte[] read(String file) {
        try {
            return Files.readAllBytes(folder().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path folder() {
        return ROOT.resolve(api).resolve(name);
    }

    @Override
    public String toString() {
        return api + "/" + name;
    }
}
