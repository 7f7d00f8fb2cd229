package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawRequest;
import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What identity-aware proxies put in front of an application stays there. */
@LeakChecked
@ContainerTest
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ForeignIdentityIT {
    private static final String CANARY = "CANARY";

    private final GatewayContainer.Kind kind;

    ForeignIdentityIT(GatewayContainer.Kind kind) {
        this.kind = kind;
    }

    @Test
    void showsThemToNoProviderThatDoesNotListThem() throws InterruptedException {
        try (FakeUpstream upstream = FakeUpstream.start()) {
            upstream.onRequest(request -> Reply.json(200, "{}"));
            String file = """
                    version: v0.4.0
                    listeners: [{type: model, name: m, port: 12000}]
                    model_providers:
                      - {model: openai/plain, base_url: UPSTREAM, passthrough_auth: true}
                      - {model: openai/listed, base_url: UPSTREAM, passthrough_auth: true,
                         forward_headers: [Helicone-Auth, X-Vault-Token]}
                    """;
            try (GatewayContainer gateway =
                    GatewayContainer.start(kind, "/", file.replace("UPSTREAM", upstream.baseUrl()))) {
                for (String path : List.of("/v1/chat/completions", "/v1/responses")) {
                    UpstreamRequest plain = deliver(gateway, upstream, path, "plain");
                    assertThat(plain.rawHead()).doesNotContain(CANARY).contains("x-codex-window-id: kept");
                    assertThat(plain.target()).isEqualTo(path + "?max_tokens=1");
                }
                UpstreamRequest listed = deliver(gateway, upstream, "/v1/chat/completions", "listed");
                assertThat(listed.header("Helicone-Auth")).isEqualTo("Bearer CANARY-1");
                assertThat(listed.header("X-Vault-Token")).isEqualTo("CANARY-2");
                assertThat(listed.headers("Authorization")).containsExactly("Bearer sk-client-key");
                assertThat(listed.rawHead().split(CANARY, -1)).hasSize(3);
                for (String query : List.of("token", "sig", "api_token", "access_token", "X-Amz-Signature", "code")) {
                    try (RawClient client = RawClient.connect(gateway.port())) {
                        assertThat(client.request("POST", "/v1/chat/completions?" + query + "=CANARY")
                                        .line("Authorization: Bearer sk-client-key")
                                        .json("{\"model\":\"plain\"}")
                                        .exchange()
                                        .status())
                                .as(query)
                                .isEqualTo(400);
                    }
                }
                assertThat(upstream.requests()).hasSize(3);
            }
        }
    }

    private static UpstreamRequest deliver(GatewayContainer gateway, FakeUpstream upstream, String path, String model)
            throws InterruptedException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawRequest request = client.request("POST", path + "?max_tokens=1")
                    .line("Authorization: Bearer sk-client-key")
                    .line("x-codex-window-id: kept")
                    .line("Helicone-Auth: Bearer CANARY-1")
                    .line("X-Vault-Token: CANARY-2");
            for (String name : List.of(
                    "X-Amzn-Oidc-Accesstoken",
                    "X-Goog-Iap-Jwt-Assertion",
                    "X-Ms-Token-Aad-Access-Token",
                    "Cf-Access-Jwt-Assertion",
                    "Cf-Access-Client-Secret",
                    "X-Auth-Request-Email",
                    "Remote-User",
                    "Ssl-Client-Cert",
                    "X-Pomerium-Jwt-Assertion",
                    "X-Authentik-Email",
                    "Tailscale-User-Login",
                    "Private-Token",
                    "Dpop",
                    "X-Some-Unknown-Session_Token")) {
                request.line(name + ": CANARY");
            }
            assertThat(request.json("{\"model\":\"" + model + "\",\"messages\":[],\"input\":\"x\"}")
                            .exchange()
                            .status())
                    .isEqualTo(200);
        }
        return upstream.takeRequest(Duration.ofSeconds(10));
    }
}
