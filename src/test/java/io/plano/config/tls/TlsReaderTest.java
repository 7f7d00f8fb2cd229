package io.plano.config.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.ConfigLoader;
import io.plano.config.Configs;
import io.plano.config.LoadResult;
import io.plano.provider.TlsSettings;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.testing.TestKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsReaderTest {
    @TempDir
    private static Path directory;

    private static TestKeys rsa;
    private static TestKeys ec;

    @BeforeAll
    static void makeKeys() throws IOException {
        rsa = TestKeys.make(directory, "rsa", "RSA", "dns:localhost");
        ec = TestKeys.make(directory, "ec", "EC", "dns:localhost");
        Files.writeString(directory.resolve("empty.pem"), "");
        Files.writeString(
                directory.resolve("garbage.pem"), "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----");
        Files.writeString(directory.resolve("cut.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");
        Files.writeString(directory.resolve("notder.pem"), TestKeys.pem("CERTIFICATE", new byte[] {1, 2, 3}));
        Files.writeString(directory.resolve("encrypted.pem"), TestKeys.pem("ENCRYPTED PRIVATE KEY", new byte[] {1}));
        Files.writeString(directory.resolve("sec1.pem"), TestKeys.pem("EC PRIVATE KEY", new byte[] {1}));
        Files.writeString(directory.resolve("damaged.pem"), TestKeys.pem("PRIVATE KEY", new byte[] {1}));
    }

    private static LoadResult load(String tls, String overrides) throws IOException {
        Path file = directory.resolve("plano.yaml");
        Files.writeString(
                file,
                Configs.providers("{model: openai/a, access_key: k, tls: {" + tls + "}}") + "overrides: {" + overrides
                        + "}\n");
        return ConfigLoader.load(file, Map.of("DIR", directory.toString()));
    }

    private static TlsSettings settings(String tls, String overrides) throws IOException {
        LoadResult result = load(tls, overrides);
        assertThat(result.problems()).isEmpty();
        GatewaySnapshot snapshot = result.snapshot();
        assertThat(snapshot).isNotNull();
        return snapshot.providers().get(0).transport().tls();
    }

    @Test
    void trustsWhatTheJdkTrustsByDefault() throws IOException {
        assertThat(settings("", "")).isEqualTo(TlsSettings.DEFAULT);
    }

    @Test
    void readsRelativePathsBesideTheConfigurationAndAbsoluteOnesAnywhere() throws IOException {
        TlsSettings relative = settings("ca: rsa.crt", "");

        assertThat(relative.authorities()).hasSize(1);
        assertThat(settings("ca: $DIR/rsa.crt", "")).isEqualTo(relative).isNotEqualTo(TlsSettings.DEFAULT);
    }

    @Test
    void takesABundleWithCommentsAndAKeyFromTheSameFile() throws IOException {
        Files.writeString(
                directory.resolve("bundle.pem"),
                "# ours\r\n" + Files.readString(rsa.certificate()) + "then\n" + Files.readString(rsa.key())
                        + Files.readString(ec.certificate()));

        TlsSettings settings = settings("ca: bundle.pem, client_certificate: bundle.pem, client_key: bundle.pem", "");

        assertThat(settings.authorities()).hasSize(2);
        assertThat(settings.identity()).isNotNull();
        assertThat(settings.identity().chain()).hasSize(2);
    }

    @Test
    void usesTheCommonBundleWhereAnEntryHasNone() throws IOException {
        TlsSettings own = settings("ca: ec.crt", "");

        assertThat(settings("", "upstream_tls_ca_path: ec.crt")).isEqualTo(own);
        assertThat(settings("ca: ec.crt", "upstream_tls_ca_path: rsa.crt")).isEqualTo(own);
    }

    @Test
    void readsKeysInPkcs8AndRsaKeysInPkcs1() throws IOException {
        assertThat(settings("client_certificate: ec.crt, client_key: ec.key", "")
                        .identity())
                .isNotNull();
        TlsSettings pkcs8 = settings("client_certificate: rsa.crt, client_key: rsa.key", "");
        byte[] der = java.util.Base64.getMimeDecoder()
                .decode(Files.readString(rsa.key())
                        .replaceAll("-----.*-----", "")
                        .getBytes(StandardCharsets.US_ASCII));
        // The PKCS#1 key is what the OCTET STRING at offset 22 of a 2048-bit PKCS#8 key holds, after a header of 4.
        TestKeys.write(directory.resolve("pkcs1.pem"), "RSA PRIVATE KEY", Arrays.copyOfRange(der, 26, der.length));

        assertThat(settings("client_certificate: rsa.crt, client_key: pkcs1.pem", ""))
                .isEqualTo(pkcs8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ca: none.pem                                          | ca                 | there is no such file
            ca: .                                                 | ca                 | is not a file
            ca: ''                                                | ca                 | is empty
            ca: "a\\0b"                                           | ca                 | is not a path
            ca: empty.pem                                         | ca                 | not PEM
            ca: garbage.pem                                       | ca                 | not Base64
            ca: cut.pem                                           | ca                 | cut off
            ca: notder.pem                                        | ca                 | cannot be read
            ca: rsa.key                                           | ca                 | no certificate
            client_certificate: rsa.crt                           | client_certificate | needs client_key
            client_key: rsa.key                                   | client_key         | needs client_certificate
            client_certificate: rsa.crt, client_key: rsa.crt      | client_key         | no private key
            client_certificate: rsa.crt, client_key: ec.key       | client_key         | of another kind
            client_certificate: rsa.crt, client_key: encrypted.pem| client_key         | without a pass phrase
            client_certificate: rsa.crt, client_key: damaged.pem  | client_key         | damaged
            client_certificate: ec.crt, client_key: sec1.pem      | client_key         | openssl pkcs8
            """)
    void namesTheLineAndTheMistake(String tls, String key, String message) throws IOException {
        assertThat(load(tls, "").problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.line()).isEqualTo(4);
            assertThat(problem.key()).isEqualTo("model_providers[0].tls." + key);
            assertThat(problem.message()).contains(message);
        });
    }

    @Test
    void refusesAKeyOfTheSameKindThatBelongsToAnotherCertificate() throws IOException {
        TestKeys.make(directory, "other", "EC", "dns:localhost");

        assertThat(load("client_certificate: ec.crt, client_key: other.key", "")
                        .problems()
                        .toString())
                .contains("does not belong");
    }

    @Test
    void refusesACommonBundleThatCannotBeRead() throws IOException {
        assertThat(load("", "upstream_tls_ca_path: none.pem").problems().toString())
                .contains("overrides.upstream_tls_ca_path", "there is no such file");
    }

    @Test
    void showsNoKey() throws IOException {
        TlsSettings settings = settings("client_certificate: ec.crt, client_key: ec.key", "");

        assertThat(settings.toString()).matches("TlsSettings\\[[0-9a-f]{12}]");
        assertThat(settings.identity().toString()).isEqualTo("Identity[CN=ec]");
    }

    @Test
    void saysThatTlsMeansNothingToAnHttpProvider() {
        String yaml = Configs.providers("{model: ollama/a, base_url: 'http://localhost:1', tls: {}}");

        assertThat(Configs.warnings(yaml, Map.of()))
                .containsExactly("model_providers[0].tls: has no effect: base_url is http");
    }
}
