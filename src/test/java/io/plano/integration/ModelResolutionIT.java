package io.plano.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.integration.Stage.Answer;
import io.plano.testing.ContainerTest;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From the model that a client names to the provider that is asked, and to the next one where nobody listens. */
@LeakChecked
@ContainerTest
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ModelResolutionIT {
    private static final String CHAT = "/v1/chat/completions";
    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String CLIENTS = "sk-CANARY-client";
    private static final String KEY = "Authorization: Bearer " + CLIENTS;
    private static final String NOBODY =
            "{model: openai/gpt-4o, name: first, base_url: 'http://127.0.0.1:1', passthrough_auth: true}";

    private final GatewayContainer.Kind kind;

    ModelResolutionIT(GatewayContainer.Kind kind) {
        this.kind = kind;
    }

    private Stage withSecond(String policy) {
        return Stage.open(kind, NOBODY, "{model: openai/gpt-4o, name: second, base_url: UPSTREAM, " + policy + "}");
    }

    @Test
    @DisplayName("R43: a failover takes the second provider's own credential, never the first one's")
    void resolvesTheCredentialAnewForTheNextProvider() {
        try (Stage stage = withSecond("access_key: sk-second")) {
            UpstreamRequest request = stage.delivered(CHAT, BODY, KEY, "x-api-key: " + CLIENTS);
            Slots.assertOnly(request, "Authorization", "Bearer sk-second");
            Slots.assertNowhere(request, CLIENTS);
            assertThat(stage.accessLog().awaitOne())
                    .containsEntry("provider", "second")
                    .containsEntry("attempts", "2")
                    .containsEntry("credential", "access_key");
        }
        try (Stage stage = withSecond("passthrough_auth: false")) {
            Slots.assertNone(stage.delivered(CHAT, BODY, KEY));
        }
        try (Stage stage = withSecond("passthrough_auth: true")) {
            Slots.assertOnly(stage.delivered(CHAT, BODY, KEY), "Authorization", "Bearer " + CLIENTS);
        }
    }

    @Test
    @DisplayName("R43: a second provider that does not accept the client's credential is not asked")
    void refusesWhereTheNextProviderWantsAnotherCredential() {
        try (Stage stage = withSecond("passthrough_auth: true, client_credential_pattern: 'sk-second-.*'")) {
            Answer answer = stage.post(CHAT, BODY, KEY);
            assertThat(answer.status()).isEqualTo(401);
            stage.assertUntouched();
        }
    }

    @Test
    @DisplayName("R72: once a provider may have seen the request, no other is asked")
    void asksNoOtherProviderOnceTheRequestWasSent() {
        try (FakeUpstream second = FakeUpstream.start();
                Stage stage = Stage.open(
                        kind,
                        "{model: openai/gpt-4o, name: first, base_url: UPSTREAM, passthrough_auth: true}",
                        "{model: openai/gpt-4o, name: second, base_url: '" + second.baseUrl()
                                + "', access_key: sk-second}")) {
            for (int status : new int[] {401, 429, 500, 503}) {
                stage.upstream().enqueue(Reply.json(status, "{}"));
                assertThat(stage.post(CHAT, BODY, KEY).status()).isEqualTo(status);
            }
            for (Reply broken : List.of(
                    Reply.garbage("nonsense\r\n\r\n").close(),
                    Reply.script().reset(),
                    Reply.script().close())) {
                stage.upstream().enqueue(broken);
                assertThat(stage.post(CHAT, BODY, KEY).status()).isEqualTo(502);
            }
            assertThat(second.connectionsAccepted()).isZero();
            // At most: a reset may overtake the body, and what never was whole is not recorded.
            assertThat(stage.upstream().requests()).hasSizeBetween(5, 7);
        }
    }

    @Test
    void keepsProvidersOfOneHostApartByTheirPorts() {
        try (FakeUpstream second = FakeUpstream.start();
                Stage stage = Stage.open(
                        kind,
                        "{model: openai/a, base_url: UPSTREAM, access_key: sk-a}",
                        "{model: openai/b, base_url: '" + second.baseUrl() + "', access_key: sk-b}")) {
            second.onRequest(Stage::answer);
            for (int i = 0; i < 3; i++) {
                Slots.assertOnly(stage.delivered(CHAT, "{\"model\":\"a\"}", KEY), "Authorization", "Bearer sk-a");
                assertThat(stage.post(CHAT, "{\"model\":\"b\"}", KEY).status()).isEqualTo(200);
            }
            assertThat(second.requests())
                    .hasSize(3)
                    .allSatisfy(request -> Slots.assertOnly(request, "Authorization", "Bearer sk-b"));
            assertThat(stage.upstream().requests()).hasSize(3);
        }
    }

    @Test
    void sendsAnUnknownModelToTheDefaultProviderUnderTheClientsName() {
        try (Stage stage =
                Stage.open(kind, "{model: openai/gpt-4o, base_url: UPSTREAM, passthrough_auth: true, default: true}")) {
            String body = "{\"model\":\"whatever/the-client:wants\"}";
            assertThat(stage.delivered(CHAT, body, KEY).bodyText()).isEqualTo(body);
        }
    }

    @Test
    void listsNothingSecretForAModelThatNobodyServes() {
        try (Stage stage = Stage.open(
                kind, "{model: openai/gpt-4o, name: inner-name, base_url: UPSTREAM, access_key: sk-CANARY-ours}")) {
            for (String path : List.of(CHAT, "/v1/messages")) {
                Answer answer =
                        stage.post(path, "{\"model\":\"nobody\\u000d\\u000a\\u001b[31m" + "x".repeat(500) + "\"}", KEY);
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.body())
                        .doesNotContain("CANARY", "inner-name", "127.0.0.1", "\\u001b", "\\r", "x".repeat(150));
                assertThat(answer.json().at("/error/type").asText())
                        .isEqualTo(path.equals(CHAT) ? "invalid_request_error" : "not_found_error");
            }
            stage.assertUntouched();
        }
    }

    @Test
    void putsTheModelIntoThePathWhereTheProviderWantsItThere() {
        try (Stage stage = Stage.open(
                kind, "{model: azure_openai/my gpt/4, base_url: UPSTREAM, passthrough_auth: true, default: true}")) {
            UpstreamRequest request = stage.delivered(CHAT, "{\"model\":\"my gpt/4\"}", KEY);
            assertThat(request.target())
                    .isEqualTo("/openai/deployments/my%20gpt%2F4/chat/completions?api-version=2025-01-01-preview");
            Slots.assertOnly(request, "api-key", CLIENTS);
            assertThat(stage.delivered(CHAT + "?beta=true", "{\"model\":\"my gpt/4\"}", KEY)
                            .target())
                    .endsWith("?api-version=2025-01-01-preview&beta=true");
            assertThat(stage.delivered(CHAT + "?api-version=2024-06-01", "{\"model\":\"my gpt/4\"}", KEY)
                            .target())
                    .endsWith("/chat/completions?api-version=2024-06-01");
        }
    }
}
