package io.plano.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.yaml.ConfigProblem;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.SnapshotHolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages about a file hold no piece of it that may be a secret, and nothing that moves a terminal. */
class SecretsInMessagesTest {
    private static final String CANARY = "CANARY0123456789abcdef";

    private static String printed(String yaml) {
        LoadResult result = Configs.load(yaml);
        StringBuilder text = new StringBuilder();
        for (ConfigProblem problem : result.problems()) {
            text.append(problem).append('\n');
        }
        GatewaySnapshot snapshot = result.snapshot();
        if (snapshot != null) {
            snapshot.providers().forEach(provider -> text.append(provider.name()));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{model: openai/x, access_key:sk-CANARY0123456789abcdef}",
                "{model: openai/x, access_keysk-CANARY0123456789abcdef}",
                "{model: openai/x access_key:sk-CANARY0123456789abcdef}",
                "{model: openai/x, access_key sk-CANARY0123456789abcdef}",
                "{model: openai/x, sk-CANARY0123456789abcdef: access_key}",
                "{model: openai/x, access_key=sk-CANARY0123456789abcdef: x}",
                "{model: openai/x, CANARY0123456789abcdef: x, CANARY0123456789abcdef: y}",
                "{model: openai/x, access_key: {sk-CANARY0123456789abcdef: x}}",
                "{model: openai/x, access_key: [sk-CANARY0123456789abcdef]}",
                "{model: openai/x, passthrough_auth: sk-CANARY0123456789abcdef}",
                "{model: openai/x, timeouts: {total: sk-CANARY0123456789abcdef}}",
                "{model: openai/x, timeouts: sk-CANARY0123456789abcdef}",
                "{model: openai/x, on_missing_credential: sk-CANARY0123456789abcdef}",
                "{model: openai/x, http2: sk-CANARY0123456789abcdef}",
                "{model: sk-CANARY0123456789abcdef}",
                "{model: sk-CANARY0123456789abcdef/x}",
                "{model: openai/x, headers: {X-Key:sk-CANARY0123456789abcdef}}",
                "{model: openai/x, headers: {Authorization: Bearer sk-CANARY0123456789abcdef}}",
                "{model: openai/x, access_key: Bearer sk-CANARY0123456789abcdef}",
                "{model: openai/x, access_key: $CANARY0123456789abcdef}",
                "{model: openai/x, access_key: $CANARY01234567}",
                "{model: openai/x, access_key: 'sk-abc$CANARY_ABC'}",
                "{model: openai/x, access_key: 'sk-abc$CANARY'}",
                "{model: openai/x, access_key: 'sk-abc$CANARY0123456789abcdef'}",
                "{model: openai/x, access_key: '${CANARY0123456789abcdef'}",
                "{model: openai/x, access_key: '${sk-CANARY0123456789abcdef}'}",
                "{model: openai/x, access_key: !CANARY0123456789abcdef x}",
                "{model: openai/x, access_key: !CANARY0123456789abcdef!x y}",
                "{model: openai/x, access_key: *CANARY0123456789abcdef}",
                "{model: openai/x, base_url: 'http://u:sk-CANARY0123456789abcdef@h'}",
                "{model: openai/x, proxy: 'http://u:sk-CANARY0123456789abcdef@h:99999'}",
                "{model: openai/x, client_credential_pattern: '(sk-CANARY0123456789abcdef'}",
                "{model: openai/x, tls: {ca: sk-CANARY0123456789abcdef}}",
                "{model: openai/x, forward_headers: [X-Key:sk-CANARY0123456789abcdef]}",
                "{model: openai/x, forward_headers: ['Authorization: Bearer sk-CANARY0123456789abcdef']}"
            })
    void quotesNothingThatMayBeASecret(String entry) {
        assertThat(printed(Configs.providers(entry))).isNotEmpty().doesNotContain("CANARY");
    }

    @Test
    @DisplayName(
            "a blank is missing behind the colon of the last key: YAML reads on, and the key would be in every log")
    void takesNoKeyForAPartOfANameAboveIt() {
        for (String above : List.of("model: openai/x", "model: openai/x\n    name: mine", "model: openai/*")) {
            String yaml = "version: v0.4.0\nlisteners: [{type: model, name: m, port: 12000}]\nmodel_providers:\n  - "
                    + above + "\n      access_key:sk-" + CANARY + "\n";
            assertThat(printed(yaml))
                    .contains("is a blank missing behind its colon?")
                    .doesNotContain("CANARY");
        }
    }

    @Test
    void stillNamesVariablesAndKeysThatAreNoSecrets() {
        assertThat(printed(Configs.providers("{model: openai/x, access_key: $OPENAI_API_KEY}")))
                .contains("environment variable OPENAI_API_KEY is not set");
        assertThat(printed(Configs.providers("{model: openai/x, access_key: '${openai_key_2}'}")))
                .contains("environment variable openai_key_2 is not set");
        assertThat(printed(Configs.providers("{model: openai/x, acess_key: x}")))
                .contains("model_providers[0].acess_key: is not a known key; did you mean 'access_key'?");
        String alias = "model_aliases: {claude-haiku-4-5-20251001: {target: nobody}}";
        assertThat(printed(Configs.providers("{model: openai/x, passthrough_auth: true}") + alias))
                .contains("model_aliases.claude-haiku-4-5-20251001.target");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{model: openai/x, \"a\\e[31mb\": x}",
                "{model: openai/x, \"a\\nb\": x}",
                "{model: openai/x, \"a\\u202eb\": x}",
                "{model: openai/x, \"a\\u2028b\": x, \"a\\u2028b\": y}",
                "{model: \"openai/x\\e[31m\", passthrough_auth: true}",
                "{model: openai/x, name: \"a\\nINFO forged\", passthrough_auth: true}",
                "{model: openai/x, passthrough_auth: true, headers: {\"x\\ny\": z}}"
            })
    void movesNoTerminalAndForgesNoLine(String entry) {
        String text = printed(Configs.providers(entry));

        assertThat(text).isNotEmpty();
        assertThat(text.replace("\n", "").chars().anyMatch(c -> SafeText.isUnsafe((char) c)))
                .isFalse();
        assertThat(text.lines()).allMatch(line -> line.startsWith("plano.yaml:"));
    }

    @Test
    void movesNoTerminalByAnAliasOrAListener() {
        String text = printed("version: v0.4.0\nlisteners: [{type: model, name: \"m\\e[2J\", port: 12000}]\n"
                + "model_providers: [{model: openai/x, passthrough_auth: true}]\n"
                + "model_aliases: {\"a\\e[2J\": {target: x}}\n");

        assertThat(text)
                .contains("listeners[0].name")
                .contains("model_aliases.a…")
                .doesNotContain("\u001b");
    }

    @Test
    void boundsWhatItPrints() {
        assertThat(printed(Configs.providers("{model: openai/x, " + "k".repeat(900) + ": x}"))
                        .length())
                .isLessThan(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"x\\r\\nX-Evil: 1\"",
                "\"{path}\\n\"",
                "'{path} HTTP/1.1'",
                "'../{path}'",
                "'{model}/..'",
                "'a/./b'",
                "'{other}'",
                "'a#b'",
                "'a%2'",
                "''",
                "\"\\u00e9\""
            })
    void takesNoPathTemplateThatIsNoPath(String template) {
        String yaml = Configs.providers("{model: acme/x, base_url: 'http://h', passthrough_auth: true}")
                + "providers: {acme: {path_template: " + template + "}}\n";

        assertThat(Configs.errors(yaml)).anyMatch(error -> error.contains("providers.acme.path_template"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"'{path}'", "'{model}/{path}?api-version=2025-01-01-preview'", "'v1/a.b/{path}'", "'..a/{path}'"
            })
    void takesEveryOtherPathTemplate(String template) {
        String yaml = Configs.providers("{model: acme/x, base_url: 'http://h', passthrough_auth: true}")
                + "providers: {acme: {path_template: " + template + "}}\n";

        assertThat(Configs.valid(yaml).providers()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "providers: {acme: {path_prefix: \"/v1\\n\"}}",
                "overrides: {stream_keepalive: \"15s\\n\"}",
                "overrides: {cors_allow_origins: [\"https://a\\r\\nX: y\"]}",
                "overrides: {cors_allow_origins: [\"https://a\\n\"]}"
            })
    void takesNoLineBreakForTheEndOfAValue(String yaml) {
        assertThat(Configs.errors(Configs.providers("{model: openai/x, passthrough_auth: true}") + yaml + "\n"))
                .isNotEmpty();
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void readsNoPipe(@TempDir Path folder) throws IOException, InterruptedException {
        Path pipe = folder.resolve("plano.yaml");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThat(ConfigLoader.load(pipe, Map.of()).problems().toString())
                .contains("it is a folder, a pipe or a device");
        assertThat(ConfigLoader.load(folder, Map.of()).problems().toString())
                .contains("it is a folder, a pipe or a device");
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void goesOnAfterThePipeThatTookThePlaceOfItsFile(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("plano.yaml");
        SnapshotHolder holder = new SnapshotHolder();
        Files.writeString(file, Configs.providers("{model: openai/first, passthrough_auth: true}"));
        try (ConfigWatcher watcher = new ConfigWatcher(file, Map.of(), holder, result -> {})) {
            watcher.load();
            Files.delete(file);
            assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                    .isZero();
            assertThat(watcher.look()).isTrue();
            assertThat(holder.current().providers().get(0).model()).isEqualTo("first");
            Files.delete(file);
            Files.writeString(file, Configs.providers("{model: openai/second, passthrough_auth: true}"));
            for (int i = 0; i < 5 && !watcher.look(); i++) {
                assertThat(i).isLessThan(4);
            }
            assertThat(holder.current().providers().get(0).model()).isEqualTo("second");
        }
    }

    @Test
    void takesAListOfHeadersToForward() {
        assertThat(Configs.provider(
                                "{model: openai/x, passthrough_auth: true, forward_headers: [Helicone-Auth, X-Vault-Token]}")
                        .forwardHeaders())
                .containsExactlyInAnyOrder("helicone-auth", "x-vault-token");
        for (String name :
                List.of("Authorization", "x-api-key", "API-KEY", "x-goog-api-key", "TE", "Host", "x-arch-y", "a b")) {
            assertThat(Configs.errors(Configs.providers(
                            "{model: openai/x, passthrough_auth: true, forward_headers: ['" + name + "']}")))
                    .as(name)
                    .singleElement()
                    .asString()
                    .contains("model_providers[0].forward_headers[0]: ");
        }
    }
}
