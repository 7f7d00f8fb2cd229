package io.plano.body;

import static io.plano.body.Shredder.text;
import static io.plano.http.Refusals.assertInvalid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartScanTest {
    private static final String TYPE = "multipart/form-data; boundary=XYZ";

    private static final String FILE = """
            --XYZ
            Content-Disposition: form-data; name="file"; filename="a;b=\\".mp3"
            Content-Type: audio/mpeg

            --XYZ is text, as is\rthis and
            --XYZW
             --XYZ--
            Content-Disposition: form-data; name="model"

            fake
            """;

    private static final String MODEL = """
            --XYZ
            Content-Disposition: form-data; name="model"

            whisper-1
            """;

    private static final String END = "--XYZ--\n";

    private static byte[] wire(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static MultipartScan scan(String text) {
        return MultipartScan.of(ByteSegments.of(wire(text)), TYPE);
    }

    private static String part(String head, String content) {
        return "--XYZ\n" + head + "\n\n" + content + "\n";
    }

    @Test
    @DisplayName("A file that looks like boundaries hides nothing and adds nothing, wherever segments are cut")
    void findsTheModelBehindAFile() {
        byte[] bytes = wire(FILE + MODEL + END);
        for (int size = 1; size <= bytes.length; size++) {
            ByteSegments body = Shredder.inSegmentsOf(size, bytes);
            MultipartScan scan = MultipartScan.of(body, TYPE);
            assertThat(scan.model()).isEqualTo("whisper-1");
            assertThat(new String(body.copyRange(scan.start(), scan.end()), StandardCharsets.UTF_8))
                    .isEqualTo("whisper-1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Disposition: form-data; name=model",
                "content-disposition:form-data;name=\"model\"",
                "CONTENT-DISPOSITION: Form-Data ; NAME = \"model\" ; x=y",
                "Content-Type: text/plain\nContent-Disposition: form-data; name=\"model\"",
                "Content-Disposition: form-data; name=\"model\"\nContent-Transfer-Encoding: 8bit"
            })
    void readsEverySpellingOfThePartsHead(String head) {
        assertThat(scan(part(head, "m") + END).model()).isEqualTo("m");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data; boundary=XYZ",
                "Multipart/Form-Data;Boundary=\"XYZ\"",
                "multipart/form-data; charset=utf-8; boundary=\"XYZ\" ;"
            })
    void readsEverySpellingOfTheBoundary(String type) {
        assertThat(MultipartScan.of(ByteSegments.of(wire(MODEL + END)), type).model())
                .isEqualTo("whisper-1");
        assertThat(MultipartScan.accepts(type)).isTrue();
    }

    @Test
    void passesOverPreambleAndEpilogue() {
        assertThat(scan("preamble --XYZ\n" + MODEL + END + MODEL).model()).isEqualTo("whisper-1");
        assertThat(scan("\n" + MODEL + "--XYZ--").model()).isEqualTo("whisper-1");
        assertThat(scan(MODEL.replace("--XYZ", "--XYZ \t") + END).model()).isEqualTo("whisper-1");
    }

    @Test
    void findsNoModelWhereThereIsNone() {
        assertThat(scan(END).model()).isNull();
        assertThat(scan(FILE + END).model()).isNull();
        assertThat(scan(part("Content-Type: text/plain", "x") + END).model()).isNull();
        assertThat(scan("--XYZ\n\nno head\n" + END).model()).isNull();
    }

    @Test
    void readsStream() {
        String head = "Content-Disposition: form-data; name=\"stream\"";

        assertThat(scan(part(head, "true") + END).stream()).isTrue();
        assertThat(scan(part(head, "True") + END).stream()).isTrue();
        assertThat(scan(part(head, "false") + END).stream()).isFalse();
        assertThat(scan(part(head, "") + END).stream()).isFalse();
        assertThat(scan(END).stream()).isFalse();
    }

    @Test
    @DisplayName("R55: refuses a second model part")
    void refusesASecondModel() {
        assertInvalid(() -> scan(MODEL + FILE + MODEL + END));
    }

    @DisplayName("Refuses heads that form parsers read differently")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Disposition: form-data; name=\"model\"; filename=\"x\"",
                "Content-Disposition: form-data; name=\"model\"; filename*=utf-8''x",
                "Content-Disposition: form-data; name*=utf-8''model",
                "Content-Disposition: form-data; name=\"a\"; name=\"model\"",
                "Content-Disposition: form-data; name=\"mo\\del\"",
                "Content-Disposition: form-data; name=\"model",
                "Content-Disposition: form-data; name=\"model\"x",
                "Content-Disposition: form-data; name=model x",
                "Content-Disposition: form-data; name",
                "Content-Disposition: form-data; name=\"a\"\nContent-Disposition: form-data; name=\"model\"",
                "Content-Disposition: form-data;\n name=\"model\"",
                "Content-Disposition: form-data; name=\"model\"\nContent-Transfer-Encoding: base64",
                "no colon",
                ": x"
            })
    void refusesAmbiguousParts(String head) {
        assertInvalid(() -> scan(part(head, "m") + END));
    }

    @DisplayName("Refuses bodies that end early")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--XYZ",
                "--XYZ\n",
                "--XYZ\nContent-Disposition: form-data; name=\"model\"",
                "--XYZ\nContent-Disposition: form-data; name=\"model\"\n\nm",
                "--XYZ\nContent-Disposition: form-data; name=\"model\"\n\nm\n--XYZ",
                "--ABC--\n"
            })
    void refusesTruncatedBodies(String text) {
        assertInvalid(() -> scan(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=\"\"",
                "multipart/form-data; boundary=\"a",
                "multipart/form-data; boundary=a; boundary=XYZ",
                "multipart/form-data; boundary=\"a\\\"b\"",
                "multipart/form-data; boundary=01234567890123456789012345678901234567890123456789012345678901234567890"
            })
    void refusesContentTypesWithoutAValidBoundary(String type) {
        assertInvalid(() -> MultipartScan.of(ByteSegments.of(wire(MODEL + END)), type));
    }

    @Test
    void refusesEndlessHeadsAndNames() {
        assertInvalid(() -> scan(part("X: " + "a".repeat(20_000), "m") + END));
        assertInvalid(() -> scan(MODEL.replace("whisper-1", "a".repeat(5000)) + END));
    }

    @Test
    @DisplayName("R59: only the bytes of the model change")
    void replacesTheModelAndNothingElse() {
        ByteSegments body = ByteSegments.of(wire(FILE + MODEL + END));
        MultipartScan scan = MultipartScan.of(body, TYPE);

        assertThat(text(scan.withModel(body, "größer")))
                .isEqualTo((FILE + MODEL.replace("whisper-1", "größer") + END).replace("\n", "\r\n"));
        assertThat(scan.withModel(body, "whisper-1")).isSameAs(body);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> scan.withModel(body, "a\r\n--XYZ--"));
    }

    @Test
    void knowsItsOwnMediaType() {
        assertThat(MultipartScan.accepts(null)).isFalse();
        assertThat(MultipartScan.accepts("application/json")).isFalse();
        assertThat(MultipartScan.accepts("multipart/form-data-x; boundary=a")).isFalse();
    }
}
