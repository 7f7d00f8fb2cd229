package io.plano.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.integration.CredentialedApi.Call;
import io.plano.integration.Stage.Answer;
import io.plano.testing.ContainerTest;
import io.plano.testing.GatewayContainer;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of whose credential goes upstream, on the raw bytes that the upstream receives. */
@LeakChecked
@ContainerTest
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CredentialTableIT {
    private static final String A = "sk-ant-api03-CANARY-a";
    private static final String B = "sk-proj-CANARY-b";
    private static final String OURS = "sk-CANARY-ours";
    private static final String OAUTH = "sk-ant-oat01-CANARY-oauth";
    private static final String BASIC = "Basic dXNlcjpDQU5BUlk=";

    private final GatewayContainer.Kind kind;
    private Stage stage;

    CredentialTableIT(GatewayContainer.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void openStage() {
        List<String> entries = new ArrayList<>();
        for (String vendor : List.of("openai", "anthropic", "litellm")) {
            add(entries, vendor, "passthrough", "passthrough_auth: true");
            add(entries, vendor, "ignored", "passthrough_auth: true, access_key: " + OURS);
            add(
                    entries,
                    vendor,
                    "fallback",
                    "passthrough_auth: true, on_missing_credential: access_key, access_key: " + OURS);
            add(entries, vendor, "forward", "passthrough_auth: true, on_missing_credential: forward");
            add(
                    entries,
                    vendor,
                    "pattern",
                    "passthrough_auth: true, client_credential_pattern: 'sk-ant-[a-zA-Z0-9-]+'");
            add(
                    entries,
                    vendor,
                    "pattern-fallback",
                    "passthrough_auth: true, client_credential_pattern: 'sk-ant-[a-zA-Z0-9-]+', on_missing_credential: access_key, access_key: "
                            + OURS);
            add(entries, vendor, "ours", "access_key: " + OURS);
            add(entries, vendor, "bare", "passthrough_auth: false");
        }
        stage = Stage.open(kind, entries.toArray(new String[0]));
    }

    private static void add(List<String> entries, String vendor, String row, String policy) {
        // Each API as it is: a chat that is translated is asserted elsewhere.
        String apis = vendor.equals("openai") ? "[chat, responses]" : "[chat, messages]";
        entries.add("{model: " + vendor + "/m-" + row + ", name: " + vendor + "-" + row + ", base_url: UPSTREAM, apis: "
                + apis + ", " + policy + "}");
    }

    @AfterEach
    void closeStage() {
        stage.close();
    }

    private UpstreamRequest delivered(Call call, String row, String... headerLines) {
        return stage.delivered(call.surface().path(), call.body(call.vendor() + "-" + row), headerLines);
    }

    private Answer answer(Call call, String row, String... headerLines) {
        return stage.post(call.surface().path(), call.body(call.vendor() + "-" + row), headerLines);
    }

    private static void assertOnly(Call call, UpstreamRequest request, String key) {
        Slots.assertOnly(request, call.surface().slot(), call.surface().slotValue(key));
    }

    @Test
    @DisplayName("R42: passthrough sends the client's bearer token in the provider's slot, and nothing else")
    void passesABearerTokenOnInTheProvidersSlot() {
        for (Call call : Call.all()) {
            assertOnly(
                    call,
                    delivered(call, "passthrough", "Authorization: Bearer " + A, "anthropic-version: 2023-06-01"),
                    A);
        }
    }

    @Test
    @DisplayName("R41: a key moves from any slot to the provider's")
    void movesAKeyFromAnySlotToTheProviders() {
        for (Call call : Call.all()) {
            for (String slot : List.of("x-api-key: ", "api-key: ", "x-goog-api-key: ", "Authorization: ")) {
                assertOnly(call, delivered(call, "passthrough", slot + A), A);
            }
        }
    }

    @Test
    void knowsTheSlotsInAnyLetterCase() {
        for (Call call : Call.all()) {
            for (String slot : List.of("X-API-KEY: ", "x-Api-Key: ", "API-KEY: ", "X-Goog-API-Key: ")) {
                assertOnly(call, delivered(call, "passthrough", slot + A), A);
            }
            for (String line :
                    List.of("authorization: bearer ", "AUTHORIZATION: BEARER ", "aUTHORIZATION: BeArEr   ")) {
                assertOnly(call, delivered(call, "passthrough", line + A), A);
            }
        }
    }

    @Test
    @DisplayName("R40: an OAuth token stays a bearer token towards Anthropic, whatever slot it came in")
    void keepsAnOAuthTokenABearerToken() {
        for (Call call : Call.anthropicMessages()) {
            for (String line : List.of("Authorization: Bearer ", "x-api-key: ", "api-key: ")) {
                Slots.assertOnly(
                        delivered(call, "passthrough", line + OAUTH, "anthropic-version: 2023-06-01"),
                        "Authorization",
                        "Bearer " + OAUTH);
            }
        }
    }

    @Test
    @DisplayName("R40: from API version 2026-10-21 on a bearer token stays one towards Anthropic")
    void keepsABearerTokenFromTheVersionOnThatSendsThem() {
        for (Call call : Call.anthropicMessages()) {
            for (String version : List.of("2026-10-21", "2026-10-22", "2027-01-01")) {
                Slots.assertOnly(
                        delivered(call, "passthrough", "Authorization: Bearer " + A, "anthropic-version: " + version),
                        "Authorization",
                        "Bearer " + A);
            }
            for (String version : List.of("2023-06-01", "2026-10-20", "2026-09-30")) {
                Slots.assertOnly(
                        delivered(call, "passthrough", "Authorization: Bearer " + A, "anthropic-version: " + version),
                        "x-api-key",
                        A);
            }
            Slots.assertOnly(
                    delivered(call, "passthrough", "x-api-key: " + A, "anthropic-version: 2026-10-21"), "x-api-key", A);
            Slots.assertOnly(
                    delivered(call, "ours", "x-api-key: " + A, "anthropic-version: 2026-10-21"), "x-api-key", OURS);
        }
    }

    @Test
    void sendsBasicCredentialsVerbatim() {
        for (Call call : Call.all()) {
            Slots.assertOnly(delivered(call, "passthrough", "Authorization: " + BASIC), "Authorization", BASIC);
        }
    }

    @Test
    void ignoresTheAccessKeyOfAPassthroughProvider() {
        for (Call call : Call.all()) {
            UpstreamRequest request = delivered(call, "ignored", call.surface().nativeLine(A));
            assertOnly(call, request, A);
            Slots.assertNowhere(request, OURS);
        }
    }

    @Test
    @DisplayName(
            "R36, R37: without a usable credential nothing goes upstream, and the caller is told in its own dialect")
    void refusesWhatIsNoCredential() {
        for (Call call : Call.all()) {
            for (String row : List.of("passthrough", "ignored", "pattern")) {
                for (String[] lines : ABSENT) {
                    assertRefused(call, answer(call, row, lines));
                }
            }
        }
        stage.assertUntouched();
    }

    private static final String[][] ABSENT = {
        {},
        {"Authorization:"},
        {"Authorization: \t "},
        {"Authorization: Bearer"},
        {"Authorization: Bearer   "},
        {"Authorization: bearer null"},
        {"Authorization: Bearer undefined"},
        {"Authorization: Bearer None"},
        {"Authorization: null"},
        {"Authorization: Basic"},
        {"x-api-key:"},
        {"x-api-key: null"},
        {"X-Api-Key: UNDEFINED", "api-key: none", "x-goog-api-key:  "},
        {"x_api_key: " + A},
        {"api_key: " + A},
        {"x-litellm-api-key: " + A, "ocp-apim-subscription-key: " + A, "Cookie: key=" + A},
        {"Proxy-Authorization: Bearer " + A}
    };

    private static void assertRefused(Call call, Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.head().header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.head().headers("WWW-Authenticate")).containsExactly("Bearer");
        assertThat(answer.head().header("x-request-id")).isNotBlank();
        assertThat(answer.body()).doesNotContain("CANARY", "127.0.0.1", "Exception", "io.plano");
        JsonNode body = answer.json();
        if (call.surface() == CredentialedApi.CHAT) {
            assertThat(body.at("/error/type").asText()).isEqualTo("authentication_error");
            assertThat(body.at("/error/code").asText()).isEqualTo("missing_api_key");
            assertThat(body.at("/error/message").asText()).contains("Authorization: Bearer");
        } else {
            assertThat(body.at("/type").asText()).isEqualTo("error");
            assertThat(body.at("/error/type").asText()).isEqualTo("authentication_error");
            assertThat(body.at("/error/message").asText()).contains("x-api-key");
            assertThat(body.at("/request_id").asText()).isEqualTo(answer.head().header("x-request-id"));
        }
    }

    @Test
    @DisplayName("R37: the whole credential must match the pattern, not a part of it")
    void refusesACredentialThatDoesNotMatchThePattern() {
        for (Call call : Call.all()) {
            assertOnly(call, delivered(call, "pattern", call.surface().nativeLine(A)), A);
        }
        int before = stage.upstream().requests().size();
        for (Call call : Call.all()) {
            for (String key : List.of(B, "x" + A, A + " ", A + "\u00e9", A + "!", "Bearer " + A, "sk-ant-")) {
                if (!key.strip().equals(A)) {
                    assertRefused(call, answer(call, "pattern", "x-api-key: " + key));
                }
            }
            assertRefused(call, answer(call, "pattern", "Authorization: " + BASIC));
        }
        assertThat(stage.upstream().requests()).hasSize(before);
    }

    @Test
    void fallsBackToTheAccessKeyWhereTheRowSaysSo() {
        for (Call call : Call.all()) {
            for (String[] lines : ABSENT) {
                UpstreamRequest request = delivered(call, "fallback", lines);
                assertOnly(call, request, OURS);
                Slots.assertNowhere(request, A);
            }
            assertOnly(call, delivered(call, "fallback", call.surface().nativeLine(A)), A);
            UpstreamRequest mismatch =
                    delivered(call, "pattern-fallback", call.surface().nativeLine(B));
            assertOnly(call, mismatch, OURS);
            Slots.assertNowhere(mismatch, B);
        }
    }

    @Test
    void forwardsWithoutACredentialWhereTheRowSaysSo() {
        for (Call call : Call.all()) {
            for (String[] lines : ABSENT) {
                UpstreamRequest request = delivered(call, "forward", lines);
                Slots.assertNone(request);
                Slots.assertNowhere(request, A, OURS);
            }
            assertOnly(call, delivered(call, "forward", call.surface().nativeLine(A)), A);
        }
    }

    @Test
    @DisplayName("R44: with an access key nothing of the client's goes upstream, whatever slots it fills")
    void sendsTheAccessKeyAndNothingOfTheClients() {
        for (Call call : Call.all()) {
            for (String[] lines : List.of(everySlot(), new String[] {"Authorization: " + BASIC}, new String[0])) {
                UpstreamRequest request = delivered(call, "ours", lines);
                assertOnly(call, request, OURS);
                Slots.assertNowhere(request, A, BASIC, "sessionid");
            }
        }
    }

    @Test
    void sendsNothingWithoutKeyAndPassthrough() {
        for (Call call : Call.all()) {
            UpstreamRequest request = delivered(call, "bare", everySlot());
            Slots.assertNone(request);
            Slots.assertNowhere(request, A, OURS, "sessionid");
        }
    }

    @Test
    @DisplayName("R6, R42, R46: of a client that fills every slot only the one credential goes out")
    void sendsOneCredentialOfAClientThatFillsEverySlot() {
        for (Call call : Call.all()) {
            UpstreamRequest request = delivered(call, "passthrough", everySlot());
            assertOnly(call, request, A + (call.surface() == CredentialedApi.CHAT ? "-authorization" : "-x-api-key"));
        }
    }

    private static String[] everySlot() {
        List<String> lines = new ArrayList<>();
        for (String slot : Slots.ALL) {
            lines.add(slot + ": "
                    + (slot.equals("authorization") || slot.equals("proxy-authorization")
                            ? "Bearer "
                            : slot.equals("cookie") ? "sessionid=" : "")
                    + A + "-" + slot);
        }
        lines.add("x_api_key: " + A + "-underscore");
        return lines.toArray(new String[0]);
    }

    @Test
    @DisplayName("R39: of two slots the surface's native one wins, and exactly one goes out")
    void prefersTheNativeSlot() {
        for (Call call : Call.all()) {
            String other = call.surface() == CredentialedApi.CHAT ? "x-api-key: " + B : "Authorization: Bearer " + B;
            for (String[] lines : new String[][] {
                {call.surface().nativeLine(A), other}, {other, call.surface().nativeLine(A)}
            }) {
                UpstreamRequest request = delivered(call, "passthrough", lines);
                assertOnly(call, request, A);
                Slots.assertNowhere(request, B);
            }
        }
    }

    @Test
    void takesTheNextSlotWhereTheNativeOneHoldsNoCredential() {
        for (Call call : Call.all()) {
            String[] lines = call.surface() == CredentialedApi.CHAT
                    ? new String[] {"Authorization: Bearer null", "x-api-key: " + A}
                    : new String[] {"x-api-key: undefined", "Authorization: Bearer " + A};
            assertOnly(call, delivered(call, "passthrough", lines), A);
        }
    }

    @Test
    @DisplayName("R38: two credentials in Authorization are refused")
    void refusesTwoAuthorizations() {
        for (Call call : Call.all()) {
            for (String row : List.of("passthrough", "ours", "forward")) {
                assertInvalid(call, answer(call, row, "Authorization: Bearer " + A, "Authorization: Bearer " + B));
                assertInvalid(call, answer(call, row, "Authorization: Bearer " + A, "authorization: Bearer " + A));
                assertInvalid(call, answer(call, row, "Authorization: Bearer " + A + ", Bearer " + B));
                assertInvalid(call, answer(call, row, "Authorization: Bearer " + A + "," + BASIC));
            }
        }
        stage.assertUntouched();
    }

    @Test
    @DisplayName("R50: a scheme that authenticates the connection, which others share, is refused")
    void refusesConnectionBoundSchemes() {
        for (Call call : Call.all()) {
            for (String scheme : List.of("NTLM", "ntlm TlRMTVNTUAABAAAA", "Negotiate YIIJvQYGKwYBBQUC")) {
                assertInvalid(call, answer(call, "passthrough", "Authorization: " + scheme));
            }
        }
        stage.assertUntouched();
    }

    @Test
    @DisplayName("R4: a Connection that names a credential is refused before anything goes upstream")
    void refusesAConnectionThatStripsTheCredential() {
        for (Call call : Call.all()) {
            for (String connection : List.of(
                    "authorization",
                    "Authorization",
                    "close, AUTHORIZATION",
                    "keep-alive,x-api-key",
                    "api-key",
                    "X-Goog-Api-Key , close",
                    "x_api_key",
                    "ocp-apim-subscription-key")) {
                for (String row : List.of("passthrough", "fallback", "ours")) {
                    assertInvalid(
                            call,
                            answer(
                                    call,
                                    row,
                                    "Connection: " + connection,
                                    call.surface().nativeLine(A)));
                }
            }
            assertInvalid(
                    call,
                    answer(
                            call,
                            "fallback",
                            "Connection: keep-alive",
                            "Connection: authorization",
                            call.surface().nativeLine(A)));
        }
        stage.assertUntouched();
    }

    private static void assertInvalid(Call call, Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("CANARY");
        assertThat(answer.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(answer.json().path("type").asText())
                .isEqualTo(call.surface() == CredentialedApi.CHAT ? "" : "error");
    }

    @Test
    @DisplayName("R53: the provider's refusal of the client's key reaches the client as it is, challenge included")
    void relaysTheProvidersOwnRefusal() {
        String body = "{\"error\":{\"message\":\"Incorrect API key provided: " + A + "\"}}";
        for (Call call : Call.all()) {
            stage.upstream()
                    .enqueue(Reply.json(401, body)
                            .header("WWW-Authenticate", "Bearer realm=\"api\", error=\"invalid_token\""));
            Answer answer = answer(call, "passthrough", call.surface().nativeLine(A));
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body()).isEqualTo(body);
            assertThat(answer.head().headers("WWW-Authenticate"))
                    .containsExactly("Bearer realm=\"api\", error=\"invalid_token\"");
        }
    }

    @Test
    @DisplayName(
            "R36: where every provider wants the client's credential, a request without one is refused before its body is read")
    void refusesEarlyWhereNoProviderCouldAccept() {
        try (Stage strict = Stage.open(
                kind,
                "{model: openai/gpt-4o, base_url: UPSTREAM, passthrough_auth: true, default: true}",
                "{model: anthropic/c, base_url: UPSTREAM, passthrough_auth: true}")) {
            for (Call call : Call.all()) {
                try (RawClient client = strict.connect()) {
                    RawResponse response = client.request("POST", call.surface().path())
                            .header("Content-Type", "application/json")
                            .header("Content-Length", "1000000")
                            .sendHead()
                            .readResponse();
                    assertRefused(call, new Answer(response, response.bodyText()));
                }
            }
            strict.assertUntouched();
        }
    }

    @Test
    @DisplayName("R32: credentials and addresses in the body configure nothing")
    void readsNoConfigurationFromTheBody() {
        String body = "{\"model\":\"openai-ours\",\"api_key\":\"" + B
                + "\",\"api_base\":\"http://127.0.0.1:1\",\"base_url\":\"http://127.0.0.1:1\",\"user_config\":{\"api_key\":\""
                + B + "\"}}";
        UpstreamRequest request = stage.delivered("/v1/chat/completions", body);
        Slots.assertOnly(request, "Authorization", "Bearer " + OURS);
        assertThat(request.bodyText()).isEqualTo(body.replace("openai-ours", "m-ours"));
    }
}
