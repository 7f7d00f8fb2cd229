package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.zstd.ZstdCompressor;
import io.plano.testing.FakeUpstream;
import io.plano.testing.RawClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway needs no file but its archive and its configuration to start, and none to go on. */
class NoFilesIT {
    /** Nobody can write there, not even root. */
    private static final Path READ_ONLY = Path.of("/proc");

    @TempDir
    Path directory;

    /** One that is missing, one that is no folder, one that takes nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"/nowhere/at/all", "/dev/full", "/proc"})
    void startsWithoutATemporaryFolderInAReadOnlyPlace(String temporary) throws Exception {
        StandaloneGateway.Start start = StandaloneGateway.Start.usual().in(READ_ONLY, "-Djava.io.tmpdir=" + temporary);
        try (FakeUpstream upstream = FakeUpstream.start().onRequest(EverySurface::reply)) {
            try (StandaloneGateway gateway = start.serve(directory, EverySurface.providers(upstream))) {
                EverySurface.isServedBy(gateway);
                assertThat(zstd(gateway)).isEqualTo(200);
            }
        }
    }

    private static int zstd(StandaloneGateway gateway) {
        byte[] plain = "{\"model\":\"gpt-4o\",\"messages\":[]}".getBytes(StandardCharsets.UTF_8);
        ZstdCompressor compressor = new ZstdCompressor();
        byte[] packed = new byte[compressor.maxCompressedLength(plain.length)];
        int length = compressor.compress(plain, 0, plain.length, packed, 0, packed.length);
        try (RawClient client = gateway.connect()) {
            return client.request("POST", "/v1/chat/completions")
                    .header("Authorization", "Bearer sk-of-the-client")
                    .header("Content-Type", "application/json")
                    .header("Content-Encoding", "zstd")
                    .body(Arrays.copyOf(packed, length))
                    .exchange()
                    .status();
        }
    }

    @Test
    void runsItsOtherCommandsWithoutATemporaryFolderInAReadOnlyPlace() throws Exception {
        Path config = Files.writeString(
                directory.resolve("plano.yaml"),
                StandaloneGateway.config(12000, "- {model: openai/gpt-4o, passthrough_auth: true}"));
        for (List<String> command : List.of(List.of("--version"), List.of("check", "--config", config.toString()))) {
            Process process = StandaloneGateway.Start.usual()
                    .in(READ_ONLY, "-Djava.io.tmpdir=/nowhere")
                    .run(command.toArray(String[]::new));
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
        }
        Process demo = StandaloneGateway.Start.usual()
                .in(READ_ONLY, "-Djava.io.tmpdir=/nowhere")
                .run("demo", "--port", "0");
        assertThat(demo.inputReader().lines().anyMatch("Ctrl-C ends it."::equals))
                .isTrue();
        demo.toHandle().destroy();
        assertThat(demo.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"deleted", "overwritten", "moved"})
    void goesOnWithoutItsArchive(String how) throws Exception {
        Path war = Files.copy(StandaloneGateway.WAR, directory.resolve("plano.war"));
        try (FakeUpstream upstream = FakeUpstream.start().onRequest(EverySurface::reply);
                StandaloneGateway gateway = StandaloneGateway.Start.usual()
                        .withWar(war)
                        .serve(directory, EverySurface.providers(upstream))) {
            switch (how) {
                case "deleted" -> Files.delete(war);
                case "overwritten" -> Files.write(war, new byte[10_000]);
                default -> Files.move(war, directory.resolve("former.war"));
            }
            EverySurface.isServedBy(gateway);
            assertThat(zstd(gateway)).isEqualTo(200);
        }
    }

    @Test
    void keepsItsConfigurationWhenTheFileCannotBeOpened() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start().onRequest(EverySurface::reply);
                StandaloneGateway gateway =
                        StandaloneGateway.Start.usual().serve(directory, EverySurface.providers(upstream))) {
            Path config = directory.resolve("plano.yaml");
            String former = Files.readString(config);
            Files.delete(config);
            Files.createDirectory(config);
            gateway.await("cannot be read");
            EverySurface.isServedBy(gateway);
            Files.delete(config);
            Files.writeString(config, former.replace("openai/gpt-4o", "openai/gpt-4o-mini"));
            gateway.await("applied; ");
            assertThat(gateway.post("/v1/chat/completions", "{\"model\":\"gpt-4o-mini\",\"messages\":[]}")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void createsNoThreadWhileItServes() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start().onRequest(EverySurface::reply);
                StandaloneGateway gateway = StandaloneGateway.Start.usual()
                        .serve(directory, EverySurface.providers(upstream).replace("127.0.0.1", "localhost"))) {
            List<String> before = gateway.threads("plano");
            for (int round = 0; round < 20; round++) {
                EverySurface.isServedBy(gateway);
            }
            assertThat(before).isNotEmpty().containsAll(gateway.threads("plano"));
        }
    }
}
