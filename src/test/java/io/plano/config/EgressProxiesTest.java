package io.plano.config;

import static io.plano.config.Configs.errors;
import static io.plano.config.Configs.provider;
import static io.plano.config.Configs.providers;
import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.EgressProxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressProxiesTest {
    private static @Nullable EgressProxy proxy(String entry, Map<String, String> environment) {
        return provider("{model: custom/a, provider_interface: openai, access_key: k, " + entry + "}", environment)
                .transport()
                .proxy();
    }

    private static final EgressProxy CORPORATE = new EgressProxy("proxy.example", 3128, null);

    @Test
    void takesTheProxyOfTheEntryBeforeThatOfTheEnvironment() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://other:1", "P", "http://proxy.example:3128");

        assertThat(proxy("base_url: 'https://a.example', proxy: 'http://Proxy.Example:3128/'", environment))
                .isEqualTo(CORPORATE);
        assertThat(proxy("base_url: 'https://a.example', proxy: $P", environment))
                .isEqualTo(CORPORATE);
        assertThat(proxy("base_url: 'https://a.example', proxy: none", environment))
                .isNull();
        assertThat(proxy("base_url: 'http://127.0.0.1', proxy: 'http://[::1]:3128'", environment))
                .isEqualTo(new EgressProxy("::1", 3128, null));
    }

    @ParameterizedTest
    @CsvSource({
        "HTTPS_PROXY, https://a.example, true",
        "https_proxy, https://a.example, true",
        "HTTP_PROXY,  https://a.example, false",
        "HTTPS_PROXY, http://a.example,  false",
        "HTTP_PROXY,  http://a.example,  true",
        "http_proxy,  http://a.example,  true",
        "HTTP_PROXY,  http://localhost,  false",
        "HTTP_PROXY,  http://127.1.2.3,  false",
        "HTTPS_PROXY, 'https://[::1]',   false",
        "HTTPS_PROXY, https://x.localhost, false",
    })
    void honoursTheEnvironmentExceptForLoopback(String variable, String baseUrl, boolean proxied) {
        EgressProxy found = proxy("base_url: '" + baseUrl + "'", Map.of(variable, "proxy.example:3128"));

        assertThat(found).isEqualTo(proxied ? CORPORATE : null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a.example                | https://a.example       | true
            .a.example               | https://a.example       | true
            a.example                | https://b.a.example     | true
            .a.example               | https://b.a.example     | true
            *.a.example              | https://b.a.example     | true
            A.Example                | https://a.EXAMPLE       | true
            a.example                | https://ba.example      | false
            example                  | https://a.example       | true
            b.a.example              | https://a.example       | false
            x, y,a.example           | https://a.example       | true
            x y  a.example           | https://a.example       | true
            *                        | https://a.example       | true
            a.example:443            | https://a.example       | true
            a.example:8443           | https://a.example       | false
            a.example:8443           | https://a.example:8443  | true
            10.1.2.3                 | https://10.1.2.3        | true
            10.1.2.3                 | https://10.1.2.30       | false
            2.3                      | https://10.1.2.3        | false
            10.0.0.0/8               | https://10.1.2.3        | true
            10.0.0.0/8               | https://11.1.2.3        | false
            10.1.2.3/99              | https://10.1.2.3        | true
            10.0.0.0/8               | https://a.example       | false
            fd00::1                  | https://[fd00::1]       | true
            [fd00::1]:8443           | https://[fd00::1]:8443  | true
            [fd00::1]:8443           | https://[fd00::1]       | false
            fd00::/8                 | https://[fd00::1]       | true
            fd00::1                  | https://[fd00:0::1]     | true
            ,, ., :                  | https://a.example       | false
            """)
    void knowsTheExceptions(String noProxy, String baseUrl, boolean direct) {
        for (String name : new String[] {"NO_PROXY", "no_proxy"}) {
            EgressProxy found = proxy(
                    "base_url: '" + baseUrl + "'", Map.of("HTTPS_PROXY", "http://proxy.example:3128", name, noProxy));

            assertThat(found).isEqualTo(direct ? null : CORPORATE);
        }
    }

    @Test
    void makesBasicCredentialsOfTheUserInformationAndHidesThem() {
        EgressProxy proxy = proxy(
                "base_url: 'https://a.example', proxy: 'http://us%40er:p+ss%3Aw%C3%B6rd@proxy.example:3128'", Map.of());

        assertThat(proxy).isNotNull();
        assertThat(proxy.authorization()).isEqualTo("Basic dXNAZXI6cCtzczp3w7ZyZA==");
        assertThat(proxy.toString()).doesNotContain("dXNA", "ss:w");
        assertThat(proxy).isNotEqualTo(CORPORATE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://u:hunter2@proxy:1",
                "socks5://u:hunter2@proxy:1",
                "proxy.example:3128",
                "http://u:hunter2@proxy:70000",
                "http://u:hunter2@proxy:0",
                "http://u:hunter2@proxy:1/path",
                "http://u:hunter2%@proxy:1",
                "http://u:hunter2@",
                "''"
            })
    void refusesWhatIsNoProxyWithoutQuotingIt(String url) {
        assertThat(errors(providers("{model: openai/a, access_key: k, proxy: " + url + "}")))
                .singleElement()
                .asString()
                .contains("model_providers[0].proxy")
                .doesNotContain("hunter2");
    }

    @Test
    void refusesAProxyOfTheEnvironmentThatIsNoneWhereItWouldBeUsed() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "socks5://u:hunter2@proxy:1");

        assertThat(errors(providers("{model: openai/a, access_key: k}"), environment))
                .singleElement()
                .asString()
                .contains("HTTPS_PROXY")
                .doesNotContain("hunter2");
        assertThat(provider("{model: openai/a, access_key: k, proxy: none}", environment)
                        .transport()
                        .proxy())
                .isNull();
    }
}
