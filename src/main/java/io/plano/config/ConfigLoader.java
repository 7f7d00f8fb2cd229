package io.plano.config;

import io.plano.config.tls.FileDigests;
import io.plano.config.yaml.ConfigProblem;
import io.plano.config.yaml.Position;
import io.plano.config.yaml.Problems;
import io.plano.config.yaml.Schema;
import io.plano.config.yaml.YamlNode.Mapping;
import io.plano.config.yaml.YamlReader;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.Source;
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
 * ConfigProblem}, all of them in one run, none of them with a secret in it. It opens the one file and
 * the PEM files that it names, asks no network and no process environment but the given one, and is safe for every
 * thread.
 *
 * <p>The stages: text → tree with positions ({@link YamlReader}) → shape ({@link Schema}) → meaning ({@link
 * SnapshotReader}). A file whose shape is wrong is still read for its meaning, so that one run shows both.
 */
public final class ConfigLoader {
    /** In bytes; the characters are fewer. */
    private static final int MAX_BYTES = YamlReader.MAX_CHARACTERS;

    private ConfigLoader() {}

    /**
     * What the gateway does without any file: Plano's ten default providers as wildcards, none of them the default, on
     * {@code 0.0.0.0}. A provider whose key the environment has uses it; the others pass the client's.
     *
     * @param environment the variables that hold keys, such as {@code OPENAI_API_KEY}
     * @param port where to listen; 0 picks a free one
     */
    public static LoadResult zeroConfig(Map<String, String> environment, int port) {
        return parse(ZeroConfig.yaml(environment, port), "zero-config", environment);
    }

    /**
     * Reads a file.
     *
     * @param environment the variables that the file may name, usually {@link System#getenv()}
     */
    public static LoadResult load(Path file, Map<String, String> environment) {
        return load(file, environment, ConfigHost.OWN_SERVER);
    }

    static LoadResult load(Path file, Map<String, String> environment, ConfigHost host) {
        try {
            return read(file, bytes(file), environment, host);
        } catch (IOException e) {
            return unreadable(file, e);
        }
    }

    /**
     * Reads a text.
     *
     * @param sourceName what problems and the snapshot name as the file
     * @param environment the variables that the text may name
     */
    public static LoadResult parse(String yaml, String sourceName, Map<String, String> environment) {
        return parse(yaml, environment, ConfigHost.OWN_SERVER, new Problems(sourceName));
    }

    public static LoadResult parse(byte[] content, String sourceName, Map<String, String> environment) {
        return parse(content, sourceName, environment, ConfigHost.OWN_SERVER);
    }

    /** Reads what a file was found to hold. */
    static LoadResult read(Path file, byte[] content, Map<String, String> environment, ConfigHost host) {
        LoadResult result = parse(content, file.toString(), environment, host);
        return result.of(new Source.Origin(file, FileDigests.digest(content), result.files()));
    }

    static LoadResult parse(byte[] content, String sourceName, Map<String, String> environment, ConfigHost host) {
        Problems problems = new Problems(sourceName);
        String yaml = text(content, problems);
        return yaml == null ? result(null, problems) : parse(yaml, environment, host, problems);
    }

    private static LoadResult parse(String yaml, Map<String, String> environment, ConfigHost host, Problems problems) {
        Mapping root = YamlReader.read(yaml, problems);
        if (root == null) {
            return result(null, problems);
        }
        Schema.plano().check(root, problems);
        return result(new SnapshotReader(root, environment, host, problems).read(), problems);
    }

    private static LoadResult result(@Nullable GatewaySnapshot snapshot, Problems problems) {
        return new LoadResult(problems.hasErrors() ? null : snapshot, problems.list(), problems.files());
    }

    /** A pipe or a device, which could keep its reader waiting for ever; or a folder. */
    private static final class NoRegularFile extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** The content of the file, or one byte more than is allowed. */
    public static byte[] bytes(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new NoRegularFile();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 1);
        }
    }

    static LoadResult unreadable(Path file, IOException cause) {
        Problems problems = new Problems(file.toString());
        problems.error(Position.START, "", why(cause));
        return result(null, problems);
    }

    private static String why(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return cause instanceof NoRegularFile
                ? "the file cannot be read: it is a folder, a pipe or a device"
                : "the file cannot be read (" + cause.getClass().getSimpleName() + ")";
    }

    private static @Nullable String text(byte[] content, Problems problems) {
        if (content.length > MAX_BYTES) {
            problems.error(Position.START, "", "the file is larger than " + MAX_BYTES + " bytes");
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            problems.error(Position.START, "", "the file is not UTF-8 text");
            return null;
        }
    }
}
