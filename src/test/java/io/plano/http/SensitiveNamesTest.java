package io.plano.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plano.failure.GatewayException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials and identities of other systems do not cross, and what clients of model APIs send does. */
class SensitiveNamesTest {
    private static final UpstreamHead BODILESS = new UpstreamHead(
            null, UpstreamHead.UNDECLARED, "plano-1", BodyChange.NONE, ResponseCoding.AS_CLIENT_ACCEPTS);
    private static final ClientHead PLAIN = new ClientHead("plano-1", BodyChange.NONE, null, false);

    private static boolean reachesUpstream(String name, String... listed) {
        return HeaderRules.toUpstream(Headers.of(name, "canary"), BODILESS, Set.of(listed))
                .withoutCredential()
                .contains(name);
    }

    private static boolean reachesClient(String name) {
        return HeaderRules.toClient(Headers.of(name, "canary"), PLAIN).contains(name);
    }

    /** Every row: whole names, and beginnings with something behind them. */
    @TestFactory
    Stream<DynamicTest> keepsEveryRow() {
        return Stream.concat(
                        SensitiveNames.names().stream(),
                        SensitiveNames.families().stream()
                                .map(row -> new HeaderTable.Row(
                                        row.name() + "anything",
                                        row.towardsUpstream(),
                                        row.towardsClient(),
                                        row.reason())))
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> assertRow(row)));
    }

    private static void assertRow(HeaderTable.Row row) {
        boolean open = row.towardsUpstream() == HeaderTable.Action.OPEN;
        assertThat(row.reason()).isNotBlank();
        for (String spelling : new String[] {row.name(), row.name().toUpperCase(Locale.ROOT)}) {
            assertThat(reachesUpstream(spelling)).as(row.reason()).isEqualTo(open);
            assertThat(reachesUpstream(spelling, row.name())).as("listed").isTrue();
            assertThat(reachesClient(spelling)).isEqualTo(row.towardsClient() != HeaderTable.Action.DROP);
            assertThat(Headers.isSecret(spelling)).isEqualTo(!open);
        }
        if (!open) {
            assertThat(reachesUpstream(row.name().replace('-', '_')))
                    .as("with _ for -")
                    .isFalse();
        }
    }

    /** Every word: alone, in a name of a vendor, at its end, with other separators. */
    @TestFactory
    Stream<DynamicTest> keepsEveryWord() {
        List<String> closed = new ArrayList<>();
        for (NameWords.Row row : NameWords.ROWS) {
            assertThat(row.reason()).isNotBlank();
            for (String word : row.words().split(" ", -1)) {
                if (NameWords.isSensitive(word)) {
                    closed.add(word);
                }
            }
        }
        NameWords.GLUED.forEach(glued -> closed.add("my" + glued.piece()));
        assertThat(closed).hasSizeGreaterThan(80);
        return closed.stream()
                .map(word -> DynamicTest.dynamicTest(word, () -> {
                    for (String name : List.of(
                            word,
                            "X-Acme-" + word,
                            "acme_" + word,
                            "x-acme-" + word + "-extra",
                            "X.Acme." + word.toUpperCase(Locale.ROOT))) {
                        assertThat(reachesUpstream(name)).as(name).isFalse();
                        assertThat(reachesUpstream(name, name.toLowerCase(Locale.ROOT)))
                                .as(name + ", listed")
                                .isTrue();
                    }
                }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Amzn-Oidc-Accesstoken",
                "X-Amzn-Oidc-Data",
                "X-Amzn-Oidc-Identity",
                "X-Goog-Iap-Jwt-Assertion",
                "X-Goog-Authenticated-User-Email",
                "X-Goog-Authenticated-User-Id",
                "X-Ms-Token-Aad-Access-Token",
                "X-Ms-Client-Principal",
                "X-Ms-Client-Principal-Name",
                "Cf-Access-Jwt-Assertion",
                "Cf-Access-Client-Secret",
                "Cf-Access-Client-Id",
                "Cf-Access-Authenticated-User-Email",
                "X-Auth-Request-User",
                "X-Auth-Request-Email",
                "X-Auth-Request-Access-Token",
                "X-Vault-Token",
                "Remote-User",
                "Remote-Groups",
                "Ssl-Client-Cert",
                "Ssl-Client-S-Dn",
                "X-Pomerium-Jwt-Assertion",
                "X-Authentik-Username",
                "Tailscale-User-Login",
                "Private-Token",
                "Job-Token",
                "Dpop",
                "X-Gitlab-Token",
                "X-Github-Token",
                "X-Csrf-Token",
                "X-Xsrf-Token",
                "Impersonate-User",
                "X-Webauth-User",
                "OIDC_CLAIM_email",
                "X-Envoy-Peer-Metadata",
                "Fly-Client-Ip",
                "x-session-token",
                "X-Forwarded-User",
                "X-Consumer-Username",
                "X-Firebase-AppCheck",
                "X-Hasura-Admin-Secret",
                "X-User-Id",
                "X-OpenWebUI-User-Email",
                "X-Api-Key-Id",
                "X-Api-Token",
                "X-AccessToken",
                "X-Hub-Signature-256",
                "Signature",
                "X-Slack-Signature",
                "X-Spiffe-Id",
                "X-JWT",
                "X-Id-Token",
                "X-Rapidapi-Key",
                "Sm_User",
                "X-Portkey-Virtual-Key",
                "Teleport-Jwt-Assertion",
                "X-Userinfo",
                "From",
                "X-Userpassword",
                "X-Remote-User",
                "X-SSL-Client-Verify"
            })
    void keepsBackWhatIdentityAwareProxiesSet(String name) {
        assertThat(reachesUpstream(name)).isFalse();
        assertThat(reachesUpstream(name.toLowerCase(Locale.ROOT))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "User-Agent",
                "X-Amz-User-Agent",
                "X-Vendor-User-Agent",
                "Anthropic-Auth-Token-Hint",
                "anthropic-beta",
                "OpenAI-Organization",
                "OpenAI-Safety-Identifier",
                "X-Claude-Code-Session-Id",
                "x-codex-turn-metadata",
                "X-Stainless-Retry-Count",
                "session-id",
                "thread-id",
                "originator",
                "x-client-request-id",
                "X-Goog-Api-Client",
                "x-ms-client-request-id",
                "Idempotency-Key",
                "X-Idempotency-Key",
                "X-Cache-Key",
                "X-Token-Count",
                "X-Max-Tokens",
                "X-Token-Budget",
                "X-Ratelimit-Remaining-Tokens",
                "X-Page-Token",
                "X-Author",
                "X-Authority",
                "X-Keyboard",
                "X-Monkey",
                "X-Tokenizer",
                "X-Gw-Team",
                "X-Session-Id",
                "X-B3-TraceId",
                "traceparent",
                "b3",
                "HTTP-Referer",
                "X-Title",
                "chatgpt-account-id",
                "cf-aig-metadata",
                "Sec-Fetch-User",
                "X-Pass-Through",
                "X-Amzn-Bedrock-Guardrailidentifier",
                "x_request_id",
                "X-Design",
                "X-Signal",
                "X-Compass",
                "X-Certainty"
            })
    void leavesTheRestAlone(String name) {
        assertThat(reachesUpstream(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-ratelimit-remaining-tokens",
                "anthropic-ratelimit-input-tokens-remaining",
                "WWW-Authenticate",
                "x-envoy-upstream-service-time",
                "fly-request-id",
                "x-amzn-bedrock-input-token-count",
                "openai-organization",
                "anthropic-organization-id",
                "x-litellm-key-spend",
                "cf-ray"
            })
    void leavesAnswersAlone(String name) {
        assertThat(reachesClient(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token",
                "sig",
                "api_token",
                "apiToken",
                "API-Token",
                "access%5Ftoken",
                "id_token",
                "secret",
                "client_secret",
                "password",
                "pwd",
                "jwt",
                "auth",
                "X-Amz-Signature",
                "X-Amz-Credential",
                "signature",
                "subscription-key",
                "code",
                "ticket",
                "SAMLResponse",
                "session_token",
                "hmac",
                "user_key",
                "accesstoken",
                "cookie"
            })
    void refusesCredentialsInQueries(String name) {
        assertThatThrownBy(() -> RequestTarget.parse("/v1/models", "a=b&" + name + "=canary"))
                .isInstanceOf(GatewayException.class)
                .hasMessageNotContaining("canary");
        assertThatThrownBy(() -> RequestTarget.parse("/v1/models", "a=b;" + name + "=canary"))
                .isInstanceOf(GatewayException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max_tokens=1",
                "beta=true",
                "alt=sse",
                "api-version=2025-01-01-preview",
                "limit=20&after=x&order=desc",
                "pageToken=abc",
                "page_token=abc",
                "nextPageToken=abc",
                "pagetoken=abc",
                "include[]=a",
                "user_ids[]=u",
                "api_key_ids[]=k&group_by[]=api_key_id",
                "email=a@b",
                "metadata[user_token]=x",
                "type=SYSTEM_DEFINED",
                "cache_key=x",
                "key_type=x",
                "author=x",
                "continuation_token=x",
                "user=x",
                "tokens=5",
                "design=1"
            })
    void leavesOtherQueriesAlone(String query) {
        assertThat(RequestTarget.parse("/v1/models", query).query()).isEqualTo(query);
    }

    @Test
    void listsNeitherFieldsBetweenNeighboursNorItsOwn() {
        for (String name : List.of(
                "Connection",
                "TE",
                "Transfer-Encoding",
                "Host",
                "Proxy-Authorization",
                "x-arch-x",
                "X-Plano-Y",
                "Content-Length",
                "Content-Encoding",
                "x_forwarded_for",
                "",
                "a b",
                "a\r\nb")) {
            assertThat(HeaderRules.refusalToList(name)).as(name).isNotNull();
        }
        for (String name :
                List.of("Helicone-Auth", "Cookie", "X-Forwarded-For", "X-Vault-Token", "X-My-Secret", "X-Plain")) {
            assertThat(HeaderRules.refusalToList(name)).as(name).isNull();
        }
    }

    @Test
    void takesOutAListedFieldThatConnectionNames() {
        Headers sent = HeaderRules.toUpstream(
                        Headers.of("X-Vault-Token", "v", "Connection", "x-vault-token, user-agent", "User-Agent", "u"),
                        BODILESS,
                        Set.of("x-vault-token"))
                .withoutCredential();

        assertThat(sent).isEqualTo(Headers.of("Via", "1.1 plano-1"));
    }

    /** What may differ: framing and the connection, which each side has of its own, and credentials. */
    private static final Set<String> NEVER_CROSSES = Set.of(
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "expect",
            "upgrade",
            "http2-settings",
            "authorization",
            "x-api-key",
            "api-key",
            "x-goog-api-key",
            "x-amz-security-token");

    @TestFactory
    Stream<DynamicTest> letsEveryRealClientsRequestCrossUnchanged() throws IOException {
        List<List<String>> captures = new ArrayList<>();
        try (InputStream in = SensitiveNamesTest.class.getResourceAsStream("/captures/heads.txt")) {
            assertThat(in).isNotNull();
            for (String line : new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).split("\n")) {
                if (line.startsWith("### ")) {
                    captures.add(new ArrayList<>());
                }
                captures.get(captures.size() - 1).add(line);
            }
        }
        assertThat(captures).hasSizeGreaterThan(70);
        return captures.stream()
                .map(capture -> DynamicTest.dynamicTest(capture.get(0).substring(4), () -> assertCrosses(capture)));
    }

    private static void assertCrosses(List<String> capture) {
        Headers.Builder client = Headers.builder();
        Headers.Builder expected = Headers.builder();
        for (String line : capture.subList(2, capture.size())) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            client.add(name, value);
            if (!NEVER_CROSSES.contains(name.toLowerCase(Locale.ROOT))) {
                expected.add(name, value);
            }
        }

        Headers sent = HeaderRules.toUpstream(client.build(), BODILESS).withoutCredential();

        assertThat(sent).isEqualTo(expected.add("Via", "1.1 plano-1").build());
        String target = capture.get(1).split(" ")[1];
        int mark = target.indexOf('?');
        if (mark >= 0) {
            assertThat(RequestTarget.parse("/", target.substring(mark + 1)).query())
                    .isEqualTo(target.substring(mark + 1));
        }
    }
}
