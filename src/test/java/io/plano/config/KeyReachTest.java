package io.plano.config;

import static io.plano.config.Configs.errors;
import static io.plano.config.Configs.provider;
import static io.plano.config.Configs.providers;
import static io.plano.config.Configs.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.credential.AccountResource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a key of the gateway's own is good for, and what is said of those who can spend it. */
class KeyReachTest {
    private static String listening(String listener, String... entries) {
        return providers(entries).replace("address: 127.0.0.1, port: 12000", listener);
    }

    @ParameterizedTest
    @CsvSource({
        "'address: 0.0.0.0, port: 12000', 0.0.0.0:12000",
        "port: 8080, 0.0.0.0:8080",
        "'address: 10.1.2.3, port: 80', 10.1.2.3:80",
        "'address: \"::\", port: 12000', [::]:12000",
        "'address: gateway.example, port: 12000', gateway.example:12000"
    })
    void warnsOfAKeyThatOthersCanSpend(String listener, String place) {
        String yaml = listening(
                listener,
                "{model: openai/gpt-4o, access_key: sk-CANARY}",
                "{model: openai/*, passthrough_auth: true}",
                "{model: groq/*, passthrough_auth: true, on_missing_credential: access_key, access_key: sk-CANARY}");
        assertThat(warnings(yaml, Map.of()))
                .containsExactly(
                        "model_providers[0].access_key: anyone who reaches " + place + " spends this key",
                        "model_providers[2].access_key: anyone who reaches " + place + " spends this key");
    }

    @Test
    void saysWhereTheKeyStands() {
        LoadResult result = Configs.load(listening("port: 12000", "{model: openai/gpt-4o, access_key: sk-CANARY}"));
        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(4);
            assertThat(problem.column()).isEqualTo(40);
            assertThat(problem.isError()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "localhost", "'::1'"})
    void isSilentWhereOnlyThisMachineCanSpendIt(String address) {
        assertThat(warnings(
                        listening("address: " + address + ", port: 1", "{model: openai/a, access_key: k}"), Map.of()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{model: openai/a, passthrough_auth: true}",
                "{model: ollama/a, base_url: 'http://h', access_key: k}",
                "{model: custom/a, base_url: 'http://h', provider_interface: openai, access_key: EMPTY}",
                "{model: custom/a, base_url: 'http://h', provider_interface: openai, access_key: not-needed}",
                "{model: ollama/a, base_url: 'http://h'}"
            })
    void isSilentWhereThereIsNothingToSpend(String entry) {
        assertThat(warnings(listening("port: 12000", entry), Map.of())).isEmpty();
    }

    @Test
    void isSilentOfEntriesThatAreDisabled() {
        String yaml = listening(
                "port: 12000",
                "{model: openai/a, passthrough_auth: true}",
                "{model: openai/b, access_key: k, enabled: false}",
                "{model: openai/c, access_key: '${NONE:-}'}");
        assertThat(warnings(yaml, Map.of())).noneMatch(warning -> warning.contains("spends this key"));
    }

    @Test
    void namesTheApplicationWhereAContainerHasThePorts() {
        byte[] yaml = providers("{model: openai/a, access_key: k}").getBytes(StandardCharsets.UTF_8);
        LoadResult result = ConfigLoader.parse(yaml, "plano.yaml", Map.of(), ConfigHost.CONTAINER);
        assertThat(result.problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.message()).isEqualTo("anyone who reaches this application spends this key"));
    }

    @Test
    void readsWhatARowAllows() {
        for (AccountResource resource : AccountResource.values()) {
            assertThat(provider("{model: openai/a, access_key: k, allow: [" + resource.configName() + "]}")
                            .credentials()
                            .allowed())
                    .containsExactly(resource);
        }
        assertThat(provider("{model: openai/a, access_key: k}").credentials().allowed())
                .isEmpty();
        assertThat(provider("{model: openai/a, access_key: k, allow: [files, batches, files]}")
                        .credentials()
                        .allowed())
                .containsExactlyInAnyOrder(AccountResource.FILES, AccountResource.BATCHES);
    }

    @Test
    void refusesWordsThatAreNone() {
        List<String> errors = errors(providers("{model: openai/a, access_key: k, allow: [files, file, Batches, '*']}"));
        assertThat(errors).hasSize(3).allMatch(error -> error.contains("must be one of files, batches,"));
        assertThat(errors.get(0)).contains("model_providers[0].allow[1]").contains("files");
        assertThat(errors(providers("{model: openai/a, access_key: k, allow: files}")))
                .singleElement()
                .asString()
                .contains("must be a list");
    }

    @Test
    void saysWhereAllowHasNoEffect() {
        assertThat(warnings(providers("{model: openai/a, passthrough_auth: true, allow: [files]}"), Map.of()))
                .singleElement()
                .asString()
                .startsWith("model_providers[0].allow: has no effect");
        assertThat(warnings(
                        providers("{model: openai/a, passthrough_auth: true, on_missing_credential: forward,"
                                + " allow: [files]}"),
                        Map.of()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/../b",
                "/a/./b",
                "/a//b",
                "/%2e%2e/b",
                "/a/%2E",
                "/a%2fb",
                "/a%5cb",
                "/a%252e",
                "/a;x/b",
                "/..;/b",
                "/%c0%ae%c0%ae/b"
            })
    void refusesPathsThatServersReadInTwoWays(String path) {
        assertThat(errors(providers("{model: openai/a, access_key: k, base_url: 'http://h" + path + "'}")))
                .singleElement()
                .asString()
                .contains("must be a plain path");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "path_prefix: /..",
                "path_prefix: /a/./b",
                "path_template: '../{path}'",
                "path_template: '{model}/../{path}'",
                "path_template: '%2e%2e/{path}'",
                "path_template: '%252e/{path}'",
                "path_template: '{path}/'",
                "path_template: '/{path}'",
                "path_template: ''",
                "path_template: 'a//{path}'",
                "path_template: \"{path}?a=b\\r\\nHost: x\"",
                "path_template: \"{path}\\r\\n\"",
                "path_template: '{deployment}/{path}'",
                "path_template: '{path}#x'",
                "path_template: 'a\\b/{path}'",
                "path_template: '..;/{path}'"
            })
    void refusesSuchPathsOfAProvidersRow(String line) {
        String yaml = providers("{model: acme/a, access_key: k, base_url: 'http://h'}") + "providers:\n  acme: {" + line
                + "}\n";
        assertThat(errors(yaml)).as(line).isNotEmpty().allMatch(error -> error.contains("providers.acme.path_"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "a/../b", "a//b", "a%2e", "a\\b", "a;b"})
    void refusesADeploymentThatLeavesItsPath(String deployment) {
        assertThat(errors(
                        providers("{model: 'azure_openai/" + deployment + "', access_key: k, base_url: 'https://h'}")))
                .singleElement()
                .asString()
                .contains("model_providers[0].model")
                .contains("in its URL");
    }

    @Test
    void refusesAModelWithALineBreak() {
        assertThat(errors(providers("{model: \"openai/a\\r\\nb\", access_key: k}")))
                .singleElement()
                .asString()
                .contains("control character");
    }

    @Test
    void placesTheCredentialOfEveryApiThatARowLists() {
        String yaml = providers("{model: acme/a, access_key: k, base_url: 'http://h'}")
                + "providers:\n  acme: {dialects: {anthropic: {slot: x-api-key}}, apis: [chat, messages]}\n";
        assertThat(Configs.valid(yaml).providers().get(0).type().placements()).hasSize(2);
    }
}
