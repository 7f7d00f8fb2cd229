package io.plano.config;

import static io.plano.config.Configs.errors;
import static io.plano.config.Configs.provider;
import static io.plano.config.Configs.providers;
import static io.plano.config.Configs.valid;
import static io.plano.config.Configs.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.yaml.ConfigProblem;
import io.plano.http.Headers;
import io.plano.provider.Endpoint;
import io.plano.provider.Http2;
import io.plano.provider.Provider;
import io.plano.provider.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderReaderTest {
    @Test
    void keepsTwoProvidersOnOneHostApart() {
        List<Provider> providers = valid(providers(
                        "{model: ollama/a, base_url: 'http://gpu:8001'}",
                        "{model: ollama/b, base_url: 'http://gpu:8002'}",
                        "{model: ollama/c, base_url: 'https://gpu:8002/other'}"))
                .providers();

        assertThat(providers)
                .extracting(Provider::endpoint)
                .containsExactly(
                        new Endpoint("http", "gpu", 8001, "/v1"),
                        new Endpoint("http", "gpu", 8002, "/v1"),
                        new Endpoint("https", "gpu", 8002, "/other"));
    }

    @Test
    void allowsOneModelIdFromSeveralVendors() {
        assertThat(valid(providers("{model: openai/gpt-4o, access_key: k}", "{model: github/gpt-4o, access_key: k}"))
                        .providers())
                .extracting(Provider::model)
                .containsExactly("gpt-4o", "gpt-4o");
    }

    @Test
    void allowsOneModelTwiceUnderDifferentNames() {
        assertThat(valid(providers(
                                "{model: openai/a, access_key: k}", "{model: openai/a, access_key: l, name: second}"))
                        .providers())
                .extracting(Provider::name)
                .containsExactly("openai/a", "second");
        assertThat(errors(providers("{model: openai/a, access_key: k}", "{model: openai/a, access_key: l}")))
                .containsExactly(
                        "5:13: error: model_providers[1].model: this model is taken by the entry in line 4; give"
                                + " the entries different names to have both");
        assertThat(errors(providers(
                        "{model: openai/a, access_key: k, name: n}", "{model: openai/b, access_key: l, name: n}")))
                .containsExactly(
                        "5:44: error: model_providers[1].name: this name is taken by the entry in line 4; names"
                                + " must be unique");
    }

    @Test
    void keepsTheWildcardsPrefixWhateverItsName() {
        Provider provider = provider("{model: openai/*, name: mine, access_key: k, default: true}");

        assertThat(provider.isWildcard()).isTrue();
        assertThat(provider.isDefault()).isTrue();
        assertThat(provider.wildcardModel("openai/gpt-9")).isEqualTo("gpt-9");
        assertThat(provider.wildcardModel("mine/gpt-9")).isNull();
        assertThat(provider.wildcardModel("openai/")).isNull();
    }

    @Test
    void nestsWildcards() {
        Provider provider = provider("{model: openrouter/anthropic/*, access_key: k}");

        assertThat(provider.id()).isEqualTo("openrouter");
        assertThat(provider.modelPrefix()).isEqualTo("anthropic/");
        assertThat(provider.wildcardModel("openrouter/anthropic/claude-x")).isEqualTo("anthropic/claude-x");
        assertThat(provider.wildcardModel("openrouter/google/gemini")).isNull();
    }

    @Test
    void allowsWildcardsOfOneProviderTwice() {
        assertThat(valid(providers("{model: openai/*, access_key: k}", "{model: openai/*, access_key: l}"))
                        .providers())
                .extracting(Provider::name)
                .containsExactly("openai/*", "openai/*#2");
    }

    @Test
    void allowsOneDefaultOnly() {
        assertThat(errors(providers(
                        "{model: openai/a, access_key: k, default: true}",
                        "{model: openai/b, access_key: k, default: true}")))
                .containsExactly(
                        "5:47: error: model_providers[1].default: there is a default in line 4 already; only one"
                                + " can be");
    }

    @ParameterizedTest
    @CsvSource({
        "groq/x, https://api.groq.com, /openai/v1",
        "gemini/x, https://generativelanguage.googleapis.com, /v1beta/openai",
        "zhipu/x, https://open.bigmodel.cn, /api/paas/v4",
        "perplexity/x, https://api.perplexity.ai, ''",
        "openrouter/x, https://openrouter.ai, /api/v1",
        "chatgpt/x, https://chatgpt.com, /backend-api/codex",
        "anthropic/x, https://api.anthropic.com, /v1",
    })
    void takesAddressAndPathFromTheTable(String model, String address, String prefix) {
        Endpoint endpoint =
                provider("{model: " + model + ", passthrough_auth: true}").endpoint();

        assertThat(endpoint.scheme() + "://" + endpoint.authority()).isEqualTo(address);
        assertThat(endpoint.pathPrefix()).isEqualTo(prefix);
    }

    @ParameterizedTest
    @CsvSource({
        "qwen/x, https://dashscope.example, /compatible-mode/v1",
        "groq/x, https://api.groq.com/openai/v1, /openai/v1",
        "groq/x, https://api.groq.com/, /openai/v1",
        "gemini/x, https://generativelanguage.googleapis.com/v1beta, /v1beta/openai",
        "openai/x, http://proxy/custom/api/v2/, /custom/api/v2",
        "moonshotai/x, https://api.kimi.com/coding/, /coding/v1",
        "moonshotai/x, https://api.kimi.com/coding/v1, /coding/v1",
    })
    void letsThePathOfTheBaseUrlReplaceThePrefix(String model, String baseUrl, String prefix) {
        assertThat(provider("{model: " + model + ", access_key: k, base_url: '" + baseUrl + "'}")
                        .endpoint()
                        .pathPrefix())
                .isEqualTo(prefix);
    }

    @Test
    void sendsWhatAHostWants() {
        Provider provider = provider(
                "{model: moonshotai/k, access_key: k, base_url: 'https://api.kimi.com/coding', headers: {a: b}}");

        assertThat(provider.headers()).isEqualTo(Headers.of("User-Agent", "KimiCLI/1.3", "a", "b"));
    }

    @Test
    void passesTheSubscribersTokenOfChatGpt() {
        Provider provider = provider("{model: chatgpt/*}", Map.of("CHATGPT_ACCOUNT_ID", "acc"));

        assertThat(provider.credentials().passthrough()).isTrue();
        assertThat(provider.headers().first("chatgpt-account-id")).isEqualTo("acc");
        assertThat(provider("{model: chatgpt/*}").headers().contains("chatgpt-account-id"))
                .isFalse();
        assertThat(provider("{model: chatgpt/*, access_key: k}").credentials().passthrough())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "http://GPU_Server:8000, http, gpu_server, 8000",
        "http://[::1]:8000, http, ::1, 8000",
        "https://h, https, h, 443",
        "HTTP://h/, http, h, 80",
        "http://${HOST}:${PORT}, http, box, 77",
        "$URL, https, elsewhere, 443",
    })
    void readsBaseUrls(String baseUrl, String scheme, String host, int port) {
        Map<String, String> environment = Map.of("HOST", "Box", "PORT", "77", "URL", "https://elsewhere");

        assertThat(provider("{model: ollama/x, base_url: '" + baseUrl + "'}", environment)
                        .endpoint())
                .isEqualTo(new Endpoint(scheme, host, port, "/v1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host",
                "host:80",
                "ws://h",
                "file:///etc/passwd",
                "http://",
                "http://u@h",
                "http://u:p@h",
                "http://h?x=1",
                "http://h#f",
                "http://h:0",
                "http://h:70000",
                "http://h:x",
                "http://[::1",
                "http://a b",
                "http://h/../x",
                "http://h/%zz",
                "",
                "mailto:x@y",
                "http://[zz]",
                "http:///path"
            })
    void refusesBaseUrlsThatAreNone(String baseUrl) {
        assertThat(errors(providers("{model: ollama/x, base_url: '" + baseUrl + "'}")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:12000", "http://localhost:12000/v1", "http://[::1]:12000"})
    void refusesABaseUrlThatIsTheGatewayItself(String baseUrl) {
        assertThat(errors(providers("{model: ollama/x, base_url: '" + baseUrl + "'}"))
                        .get(0))
                .contains("points at this gateway's own listener");
    }

    @Test
    void wantsAnAddressWhereTheTableHasNone() {
        assertThat(errors(providers("{model: ollama/x}")).get(0))
                .isEqualTo(
                        "4:5: error: model_providers[0].base_url: is missing; provider 'ollama' has no public address");
        assertThat(errors(providers("{model: mine/x, provider_interface: openai}"))
                        .get(0))
                .contains("a provider that is not known needs base_url and provider_interface");
        assertThat(errors(providers("{model: mine/x, base_url: 'http://h'}")).get(0))
                .contains("an unknown one needs base_url and provider_interface");
        assertThat(errors(providers("{model: OpenAI/x, access_key: k}")).get(0)).contains("did you mean 'openai'?");
    }

    @Test
    void takesAnyKnownProviderAsInterface() {
        Provider provider =
                provider("{model: mine/x, base_url: 'http://h', provider_interface: anthropic, access_key: k}");

        assertThat(provider.id()).isEqualTo("mine");
        assertThat(provider.type().id()).isEqualTo("anthropic");
    }

    @Test
    void takesAnInterfaceForProvidersThatPlanoDoesNotKnow() {
        assertThat(provider(
                                "{model: perplexity/sonar, base_url: 'https://api.perplexity.ai', provider_interface: openai,"
                                        + " access_key: k}")
                        .path("chat/completions"))
                .isEqualTo("/chat/completions");
        assertThat(errors(providers("{model: openai/x, provider_interface: openai, access_key: k}"))
                        .get(0))
                .contains("provider_interface: the provider in front of the slash of model says this already");
    }

    @Test
    void readsHeaders() {
        Provider provider =
                provider("{model: openai/a, access_key: k, headers: {X-Org: $ORG, x-empty: ''}}", Map.of("ORG", "12"));

        assertThat(provider.headers()).isEqualTo(Headers.of("X-Org", "12"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization: x", "X-Api-Key: x", "api-key: x", "x-goog-api-key: x", "proxy-authorization: x",
                        "Host: x",
                "content-length: '1'", "Transfer-Encoding: x", "'a b': x", "'': x", "x: \"a\\r\\nb: c\"", "x: \"\\0\"",
                "x: 1", "x: [a]", "x: \"\\u4e2d\""
            })
    void refusesHeadersThatAreNotTheConfigurations(String row) {
        assertThat(errors(providers("{model: openai/a, access_key: k, headers: {" + row + "}}")))
                .hasSize(1);
    }

    @Test
    void refusesAHostThatIsNone() {
        assertThat(provider("{model: openai/a, access_key: k, http_host: 'h:81'}")
                        .host())
                .isEqualTo("h:81");
        for (String host : List.of("\"a\\nb\"", "a b", "http://h", "u@h", "''")) {
            assertThat(errors(providers("{model: openai/a, access_key: k, http_host: " + host + "}")))
                    .hasSize(1);
        }
    }

    @Test
    void takesTimeoutsFromTheEntryTheOverridesAndTheListener() {
        String yaml = """
                version: v0.4.0
                listeners: [{type: model, name: m, timeout: 30s}]
                overrides: {upstream_connect_timeout: 500ms}
                model_providers:
                  - {model: openai/a, access_key: k}
                  - {model: openai/b, access_key: k, timeouts: {connect: 1s, first_byte: 2m, idle: 3s, total: 1h}}
                """;

        assertThat(valid(yaml).providers())
                .extracting(Provider::timeouts)
                .containsExactly(
                        new Timeouts(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(30), null),
                        new Timeouts(
                                Duration.ofSeconds(1),
                                Duration.ofMinutes(2),
                                Duration.ofSeconds(3),
                                Duration.ofHours(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "5", "'5'", "-1s", "1d", "999999h", "s", "0.0001ms", "''", "$X"})
    void refusesTimeoutsThatAreNone(String timeout) {
        assertThat(errors(
                        providers("{model: openai/a, access_key: k, timeouts: {idle: " + timeout + "}}"),
                        Map.of("X", "x")))
                .hasSize(1);
    }

    @Test
    void disablesAProviderWhoseOptionalKeyIsEmpty() {
        String yaml = providers(
                "{model: openai/a, access_key: '${NO_KEY:-}'}",
                "{model: openai/b, access_key: '${KEY:-}', enabled: '${NO:-true}'}",
                "{model: openai/c, access_key: $UNSET, enabled: false}");

        assertThat(valid(yaml, Map.of("KEY", "k")).providers())
                .extracting(Provider::model)
                .containsExactly("b");
        assertThat(warnings(yaml, Map.of("KEY", "k")))
                .containsExactly(
                        "model_providers[0].access_key: is empty, so this provider is disabled",
                        "model_providers[2].enabled: this provider is disabled");
    }

    @Test
    void overridesAndAddsRows() {
        String yaml = providers("{model: mine/x, access_key: k}", "{model: groq/x, access_key: k}") + """
                providers:
                  mine:
                    base_url: https://api.mine.example
                    path_prefix: /api/v9
                    dialects: {anthropic: {slot: x-api-key}}
                  groq: {path_prefix: /v2}
                """;

        List<Provider> providers = valid(yaml).providers();

        assertThat(providers.get(0).path("messages")).isEqualTo("/api/v9/messages");
        assertThat(providers.get(0).type().displayName()).isEqualTo("mine");
        assertThat(providers.get(1).endpoint()).isEqualTo(new Endpoint("https", "api.groq.com", 443, "/v2"));
        assertThat(providers.get(1).type().displayName()).isEqualTo("Groq");
    }

    @ParameterizedTest
    @CsvSource({"http2: auto, AUTO", "http2: off, OFF", "http2: 'off', OFF", "name: n, OFF"})
    void readsWhetherHttp2MayBeSpoken(String entry, Http2 expected) {
        assertThat(provider("{model: openai/a, access_key: k, " + entry + "}")
                        .transport()
                        .http2())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "true", "h2", "Auto", "2", "[]"})
    void refusesAnyOtherWordForHttp2(String value) {
        assertThat(errors(providers("{model: openai/a, access_key: k, http2: " + value + "}")))
                .singleElement()
                .satisfies(error -> assertThat(error).contains("model_providers[0].http2: must be"));
    }

    @Test
    void saysThatHttp2NeedsTls() {
        String yaml = providers("{model: ollama/a, base_url: 'http://gpu', http2: auto}");

        assertThat(valid(yaml).providers().get(0).transport().http2()).isEqualTo(Http2.OFF);
        assertThat(warnings(yaml, Map.of()))
                .anyMatch(warning -> warning.contains("http2: has no effect: base_url is http"));
    }

    @Test
    void boundsWhatValuesAndPatternsAndHeadersCost() {
        assertThat(errors(providers(
                        "{model: openai/a, access_key: k, client_credential_pattern: '" + "a".repeat(1001) + "'}")))
                .singleElement()
                .satisfies(error -> assertThat(error).contains("longer than 1000 characters"));
        String headers = IntStream.range(0, 101).mapToObj(i -> "x" + i + ": v").collect(Collectors.joining(", "));
        assertThat(errors(providers("{model: openai/a, access_key: k, headers: {" + headers + "}}")))
                .singleElement()
                .satisfies(error -> assertThat(error).contains("more than 100 headers"));
        List<String> grown = ConfigLoader.parse(
                        providers("{model: openai/a, access_key: '$L$L'}"), "f", Map.of("L", "v".repeat(10_000)))
                .problems()
                .stream()
                .map(ConfigProblem::toString)
                .toList();
        assertThat(grown)
                .singleElement()
                .satisfies(error -> assertThat(error).contains("longer than 16384 characters"));
    }
}
