package io.plano.config;

import io.plano.config.YamlNode.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code plano.yaml} into a {@link GatewaySnapshot}. No input makes it throw: whatever is wrong becomes a {@link
 * ConfigProblem}, all of them in one run, none of them with a secret in it. It opens the one file, asks no network and
 * no process environment but the given one, and is safe for every thread.
 *
 * <p>The stages: text → tree with positions ({@link YamlReader}) → shape ({@link Schema}) → meaning ({@link
 * SnapshotReader}). A file whose shape is wrong is still read for its meaning, so that one run shows both.
 */
public final class ConfigLoader {
    /** In bytes; the characters are fewer. */
    private static final int MAX_BYTES = YamlReader.MAX_CHARACTERS;

    private ConfigLoader() {}

    /**
     * Reads a file.
     *
     * @param environment the variables that the file may name, usually {@link System#getenv()}
     */
    public static LoadResult load(Path file, Map<String, String> environment) {
        Problems problems = new Problems(file.toString());
        String yaml = text(file, problems);
        return yaml == null ? result(null, problems) : parse(yaml, environment, problems);
    }

    /**
     * Reads a text.
     *
     * @param sourceName what problems and the snapshot name as the file
     * @param environment the variables that the text may name
     */
    public static LoadResult parse(String yaml, String sourceName, Map<String, String> environment) {
        return parse(yaml, environment, new Problems(sourceName));
    }

    private static LoadResult parse(String yaml, Map<String, String> environment, Problems problems) {
        Mapping root = YamlReader.read(yaml, problems);
        if (root == null) {
            return result(null, problems);
        }
        Schema.plano().check(root, problems);
        return result(new SnapshotReader(root, environment, problems).read(), problems);
    }

    private static LoadResult result(@Nullable GatewaySnapshot snapshot, Problems problems) {
        return new LoadResult(problems.hasErrors() ? null : snapshot, problems.list());
    }

    private static @Nullable String text(Path file, Problems problems) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                problems.error(Position.START, "", "the file is larger than " + MAX_BYTES + " bytes");
                return null;
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            problems.error(Position.START, "", "the file is not UTF-8 text");
        } catch (NoSuchFileException e) {
            problems.error(Position.START, "", "there is no such file");
        } catch (IOException e) {
            problems.error(
                    Position.START,
                    "",
                    "the file cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        return null;
    }
}
