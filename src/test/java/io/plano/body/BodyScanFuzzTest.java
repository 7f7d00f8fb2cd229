package io.plano.body;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a client sends as a body: it is refused as invalid, or its model can be replaced and is then found again. */
class BodyScanFuzzTest {
    private static final String TYPE = "multipart/form-data; boundary=XYZ";
    private static final String OTHER = "another-model";
    private static final Duration LIMIT = Duration.ofSeconds(1);

    static Stream<byte[]> json() {
        return Stream.of(
                        "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"a \\\" {\"}]}",
                        "{\"mod\\u0065l\":\"a\",\"MODEL\":\"b\"}",
                        "{\"model\":\"\\ud83d\\ude00\\ud83d\"}",
                        "{\"model\":null}",
                        "\ufeff{\"model\":\"a\"}",
                        "{\"a\":" + "[".repeat(2000) + "]".repeat(2000) + ",\"model\":\"a\"}",
                        "[".repeat(100_000),
                        "{\"model\":\"" + "x".repeat(5000) + "\"}",
                        "{\"model\":\"a\"}{\"model\":\"b\"}",
                        "{\"model\":\"a\",",
                        "")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<byte[]> forms() {
        String head = "--XYZ\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n";
        return Stream.of(
                        head + "whisper-1\r\n--XYZ--\r\n",
                        head + "a\r\n" + head + "b\r\n--XYZ--\r\n",
                        head + "a\r\n--XYZ\r\nContent-Disposition: form-data; name=stream\r\n\r\nTrue\r\n--XYZ--",
                        head.replace("\"model\"", "\"model\"; filename=\"x\"") + "a\r\n--XYZ--\r\n",
                        head.replace("\"model\"", "\"mod\\\"el\"; name*=UTF-8''model") + "a\r\n--XYZ--\r\n",
                        "preamble\r\n" + head + "a\r\n--XYZ",
                        "--XYZ\r\n" + "X: y\r\n".repeat(1000) + "\r\n\r\n--XYZ--",
                        "--XYZ--",
                        "\r\n--XYZ".repeat(2000),
                        "")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("json")
    @FuzzTest(maxDuration = "2m")
    void jsonIsRefusedOrItsModelCanBeReplaced(byte[] content) {
        check(content, ModelScan::of);
    }

    @MethodSource("forms")
    @FuzzTest(maxDuration = "2m")
    void formsAreRefusedOrTheirModelCanBeReplaced(byte[] content) {
        check(content, body -> MultipartScan.of(body, TYPE));
    }

    private static void check(byte[] content, Function<ByteSegments, BodyScan> scanner) {
        ByteSegments body = ByteSegments.of(content);
        long start = System.nanoTime();
        try {
            BodyScan scan = scanner.apply(body);
            if (scan.model() != null) {
                assertThat(scanner.apply(scan.withModel(body, OTHER)).model()).isEqualTo(OTHER);
            }
        } catch (GatewayException refusal) {
            assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID_REQUEST);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
    }
}
