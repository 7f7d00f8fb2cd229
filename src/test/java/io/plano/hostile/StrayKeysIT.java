package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.hostile.Vendors.Answer;
import io.plano.testing.LeakChecked;
import io.plano.testing.UpstreamRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client's key reaches the vendor that it is meant for, or nobody; the gateway's key buys models and nothing else. */
@LeakChecked
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StrayKeysIT {
    private static final String OURS = "sk-CANARY-ours";
    private static final String VERSION = "anthropic-version: 2023-06-01";
    private static final String ANTHROPICS = "x-api-key: sk-ant-CANARY";
    private static final String OPENAIS = "Authorization: Bearer sk-CANARY-theirs";

    private static final String[] METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "QUERY"};

    /** Everything of an account, in every spelling that some server would take for it. */
    private static final List<String> RESOURCES = List.of(
            "/v1/files",
            "/v1/files/",
            "/v1/files/f1/content",
            "/v1/Files",
            "/v1/%66iles",
            "/v1/uploads",
            "/v1/batches",
            "/v1/messages/batches",
            "/v1/responses/r1",
            "/v1/responses/",
            "/v1/responses/compact/x",
            "/v1/chat/completions/c1",
            "/v1/chat/completions/",
            "/v1/Chat/completions",
            "/v1/chat/completion%73",
            "/v1/conversations",
            "/v1/fine_tuning/jobs",
            "/v1/vector_stores",
            "/v1/assistants",
            "/v1/threads/runs",
            "/v1/evals",
            "/v1/containers",
            "/v1/videos",
            "/v1/skills",
            "/v1/realtime/client_secrets",
            "/v1/organization/admin_api_keys",
            "/v1/organizations/api_keys",
            "/v1/projects",
            "/v1/usage",
            "/v1/audio/voices",
            "/v1/images/generations/",
            "/v1/messagesX",
            "/v1/load_lora_adapter",
            "/v1/anything/else");

    @Test
    void anAnthropicClientsKeyAndFileNeverReachOpenAi() {
        try (Vendors vendors = Vendors.open(
                "model: openai/*, base_url: 'OPENAI', passthrough_auth: true, default: true",
                "model: anthropic/*, base_url: 'ANTHROPIC', passthrough_auth: true")) {
            for (String path : RESOURCES) {
                for (String method : METHODS) {
                    String body = method.equals("GET") || method.equals("HEAD") ? "" : "{\"file\":\"CANARY\"}";
                    Answer answer = vendors.send(method, path, body, ANTHROPICS, VERSION);
                    assertThat(answer.status()).as(method + " " + path).isIn(200, 400);
                }
            }
            Answer upload = vendors.send(
                    "POST",
                    "/v1/files",
                    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nCANARY\r\n--b--\r\n",
                    ANTHROPICS,
                    VERSION,
                    "Content-Type: multipart/form-data; boundary=b");
            assertThat(upload.status()).isEqualTo(200);
            assertThat(vendors.seenByOpenAi()).isEmpty();
            assertThat(vendors.seenByAnthropic())
                    .extracting(UpstreamRequest::target)
                    .contains("/v1/files", "/v1/files/f1/content", "/v1/anything/else", "/v1/messages/batches")
                    .doesNotContain("/v1/responses/r1", "/v1/batches", "/v1/vector_stores");
            assertThat(vendors.seenByAnthropic())
                    .allMatch(request -> "sk-ant-CANARY".equals(request.header("x-api-key")));
        }
    }

    @Test
    void aStoredAnswerIsNotAskedForWithAnAnthropicKey() {
        try (Vendors vendors = Vendors.open(
                "model: openai/*, base_url: 'OPENAI', passthrough_auth: true",
                "model: anthropic/*, base_url: 'ANTHROPIC', passthrough_auth: true")) {
            for (String header : new String[] {ANTHROPICS, "Authorization: Bearer sk-ant-oat-CANARY"}) {
                Answer answer = vendors.send("GET", "/v1/responses/r1", "", header, VERSION);
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.body()).contains("model_required").doesNotContain("CANARY", "127.0.0.1");
            }
            assertThat(vendors.send("GET", "/v1/responses/r1", "", ANTHROPICS).status())
                    .isEqualTo(400);
            assertThat(vendors.connections()).isZero();

            assertThat(vendors.send("GET", "/v1/responses/r1", "", OPENAIS).status())
                    .isEqualTo(200);
            assertThat(vendors.seenByOpenAi()).hasSize(1);
        }
    }

    @Test
    void aRowForOneModelDoesNotOpenTheAccount() {
        try (Vendors vendors = Vendors.open(
                "model: openai/gpt-4o-mini, base_url: 'OPENAI', access_key: " + OURS,
                "model: 'openai/*', base_url: 'OPENAI', passthrough_auth: true")) {
            for (String path :
                    List.of("/v1/files", "/v1/batches", "/v1/responses/r1", "/v1/organization/admin_api_keys")) {
                for (String method : List.of("GET", "POST", "DELETE")) {
                    String body = method.equals("POST") ? "{\"input_file_id\":\"f\"}" : "";
                    assertThat(vendors.send(method, path, body).status())
                            .as(method + " " + path)
                            .isIn(401, 403);
                }
            }
            assertThat(vendors.connections()).isZero();
            for (String path :
                    List.of("/v1/files", "/v1/batches", "/v1/responses/r1", "/v1/organization/admin_api_keys")) {
                assertThat(vendors.send("GET", path, "", OPENAIS).status()).isEqualTo(200);
            }
            assertThat(vendors.seenByOpenAi())
                    .hasSize(4)
                    .allMatch(request -> "Bearer sk-CANARY-theirs".equals(request.header("Authorization")));
        }
    }

    @Test
    void ourKeyBuysModelsAndNothingElse() {
        for (String policy : List.of(
                "access_key: " + OURS,
                "access_key: " + OURS + ", passthrough_auth: true, on_missing_credential: access_key",
                "passthrough_auth: true, on_missing_credential: forward",
                "passthrough_auth: false")) {
            try (Vendors vendors = Vendors.open(
                    "model: openai/*, base_url: 'OPENAI', default: true, " + policy,
                    "model: anthropic/*, base_url: 'ANTHROPIC', " + policy)) {
                for (String path : RESOURCES) {
                    for (String method : METHODS) {
                        for (String body :
                                List.of("", "{\"model\":\"openai/gpt-4o\"}", "{\"model\":\"anthropic/c\"}")) {
                            Answer answer = vendors.send(method, path, body, VERSION);
                            assertThat(answer.status())
                                    .as(policy + " " + method + " " + path + " " + body)
                                    .isIn(400, 401, 403);
                            assertThat(answer.body()).doesNotContain("CANARY", "127.0.0.1");
                        }
                    }
                }
                for (String path :
                        List.of("/v1/models/gpt-4o", "/v1/models", "/v1/chat/completions", "/v1/responses")) {
                    for (String method : List.of("DELETE", "PUT", "PATCH", "QUERY")) {
                        assertThat(vendors.send(method, path, "{\"model\":\"openai/gpt-4o\"}")
                                        .status())
                                .as(method + " " + path)
                                .isEqualTo(403);
                    }
                }
                assertThat(vendors.send("GET", "/v1/chat/completions", "").status())
                        .isEqualTo(403);
                assertThat(vendors.connections()).as(policy).isZero();
            }
        }
    }

    @Test
    void aRefusalSpeaksTheClientsDialect() {
        try (Vendors vendors = Vendors.open(
                "model: openai/*, base_url: 'OPENAI', access_key: " + OURS,
                "model: anthropic/*, base_url: 'ANTHROPIC', access_key: " + OURS)) {
            Answer openai = vendors.send("GET", "/v1/files", "");
            assertThat(openai.status()).isEqualTo(403);
            assertThat(openai.body()).contains("\"code\":\"resource_not_allowed\"", "permission", "'files'");
            Answer anthropic = vendors.send("GET", "/v1/files", "", VERSION);
            assertThat(anthropic.status()).isEqualTo(403);
            assertThat(anthropic.body()).contains("\"type\":\"error\"", "permission_error", "'files'");
        }
    }

    @Test
    void ourKeyBuysEveryQuestionToAModel() {
        try (Vendors vendors = Vendors.open("model: openai/*, base_url: 'OPENAI', access_key: " + OURS)) {
            List<String> paths = List.of(
                    "/v1/chat/completions",
                    "/v1/completions",
                    "/v1/embeddings",
                    "/v1/responses",
                    "/v1/responses/compact",
                    "/v1/responses/input_tokens",
                    "/v1/images/generations",
                    "/v1/images/edits",
                    "/v1/audio/speech",
                    "/v1/moderations",
                    "/v1/rerank");
            for (String path : paths) {
                assertThat(vendors.send("POST", path, "{\"model\":\"openai/m\"}", OPENAIS)
                                .status())
                        .as(path)
                        .isEqualTo(200);
            }
            String form = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nopenai/m\r\n--b--\r\n";
            for (String path : List.of("/v1/audio/transcriptions", "/v1/audio/translations", "/v1/images/variations")) {
                assertThat(vendors.send("POST", path, form, "Content-Type: multipart/form-data; boundary=b")
                                .status())
                        .as(path)
                        .isEqualTo(200);
            }
            assertThat(vendors.send("GET", "/v1/models", "").status()).isEqualTo(200);
            assertThat(vendors.seenByOpenAi())
                    .hasSize(paths.size() + 4)
                    .allMatch(request -> ("Bearer " + OURS).equals(request.header("Authorization")));
        }
    }

    @Test
    void aRowAllowsWhatItNames() {
        try (Vendors vendors = Vendors.open(
                "model: openai/*, base_url: 'OPENAI', access_key: " + OURS + ", allow: [files, stored_responses]")) {
            assertThat(vendors.send("POST", "/v1/files", "{}").status()).isEqualTo(200);
            assertThat(vendors.send("GET", "/v1/responses/r1", "").status()).isEqualTo(200);
            assertThat(vendors.send("GET", "/v1/batches", "").status()).isEqualTo(403);
            assertThat(vendors.send("GET", "/v1/unknown", "").status()).isEqualTo(403);
            assertThat(vendors.seenByOpenAi())
                    .extracting(UpstreamRequest::requestLine)
                    .containsExactly("POST /v1/files HTTP/1.1", "GET /v1/responses/r1 HTTP/1.1");
        }
        try (Vendors vendors =
                Vendors.open("model: openai/*, base_url: 'OPENAI', access_key: " + OURS + ", allow: [other]")) {
            for (String path : List.of("/v1/Files", "/v1/%66iles", "/v1/FILES/x", "/v1/b%61tches", "/v1/USAGE/")) {
                assertThat(vendors.send("GET", path, "").status()).as(path).isEqualTo(403);
            }
            assertThat(vendors.send("GET", "/v1/unknown", "").status()).isEqualTo(200);
            assertThat(vendors.seenByOpenAi()).hasSize(1);
        }
    }

    @Test
    void noHeaderTurnsAQuestionIntoSomethingElse() {
        try (Vendors vendors = Vendors.open("model: openai/*, base_url: 'OPENAI', access_key: " + OURS)) {
            assertThat(vendors.send(
                                    "POST",
                                    "/v1/chat/completions",
                                    "{\"model\":\"openai/m\"}",
                                    "X-HTTP-Method-Override: DELETE",
                                    "X-HTTP-Method: GET",
                                    "X-Method-Override: GET",
                                    "X_Http_Method_Override: GET",
                                    "X-Original-URL: /v1/files",
                                    "X-Rewrite-URL: /v1/files")
                            .status())
                    .isEqualTo(200);
            assertThat(vendors.seenByOpenAi().get(0).rawHead().toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("override", "x-http-method", "original-url", "rewrite-url");
        }
    }

    @Test
    void exactRowsComeBeforePatternsOfAliases() {
        try (Vendors vendors = Vendors.openFile("""
                model_providers:
                  - {model: openai/gpt-4o-mini, base_url: 'OPENAI', access_key: %s}
                  - {model: 'openai/*', base_url: 'OPENAI', passthrough_auth: true}
                model_aliases:
                  "*": {target: openai/*}
                """.formatted(OURS))) {
            vendors.send("POST", "/v1/chat/completions", "{\"model\":\"openai/gpt-4o-mini\"}", OPENAIS);
            vendors.send("POST", "/v1/chat/completions", "{\"model\":\"gpt-5\"}", OPENAIS);
            assertThat(vendors.seenByOpenAi())
                    .extracting(request -> request.header("Authorization"))
                    .containsExactly("Bearer " + OURS, "Bearer sk-CANARY-theirs");
        }
    }

    @Test
    void aQuestionWithoutAModelGetsTheDefaultEntrys() {
        String messages = "\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
        for (String model : List.of("{", "{ \"model\" : \"\",")) {
            try (Vendors vendors =
                    Vendors.open("model: openai/gpt-4o-mini, base_url: 'OPENAI', default: true, access_key: " + OURS)) {
                vendors.send("POST", "/v1/chat/completions", model + messages);
                vendors.send("POST", "/v1/responses", model + "\"input\":\"x\"}");
                vendors.send("POST", "/v1/messages", model + messages, VERSION);
                assertThat(vendors.seenByOpenAi())
                        .hasSize(3)
                        .allMatch(request -> request.bodyText().contains("\"gpt-4o-mini\""))
                        .noneMatch(request -> request.bodyText().contains("\"\""));
            }
            try (Vendors vendors = Vendors.open(
                    "model: anthropic/claude-x, base_url: 'ANTHROPIC', default: true, access_key: " + OURS)) {
                vendors.send("POST", "/v1/chat/completions", model + messages);
                assertThat(vendors.seenByAnthropic().get(0).bodyText()).contains("\"model\":\"claude-x\"");
            }
            try (Vendors vendors =
                    Vendors.open("model: openai/*, base_url: 'OPENAI', default: true, access_key: " + OURS)) {
                Answer answer = vendors.send("POST", "/v1/chat/completions", model + messages);
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.body()).contains("model_required");
                assertThat(vendors.connections()).isZero();
            }
        }
    }

    @Test
    void aFormWithoutAModelGetsTheDefaultEntrysToo() {
        try (Vendors vendors =
                Vendors.open("model: openai/whisper-1, base_url: 'OPENAI', default: true, access_key: " + OURS)) {
            String part =
                    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nRIFF\r\n--b--\r\n";
            vendors.send("POST", "/v1/audio/transcriptions", part, "Content-Type: multipart/form-data; boundary=b");
            assertThat(vendors.seenByOpenAi().get(0).bodyText())
                    .isEqualTo("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n" + part);
        }
    }

    @Test
    void aBodyThatIsNoQuestionGoesNowhere() {
        try (Vendors vendors =
                Vendors.open("model: openai/gpt-4o-mini, base_url: 'OPENAI', default: true, access_key: " + OURS)) {
            for (String path : List.of("/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1/moderations")) {
                for (String body :
                        List.of("", "[]", "\"x\"", "12", "null", " ", "[{\"model\":\"m\"}]", "{\"Model\":\"x\"}")) {
                    Answer answer = vendors.send("POST", path, body);
                    assertThat(answer.status()).as(path + " " + body).isEqualTo(400);
                    assertThat(answer.body()).contains("invalid_request_error");
                }
                String form = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--b--\r\n";
                assertThat(vendors.send("POST", path, form, "Content-Type: multipart/form-data; boundary=b")
                                .status())
                        .isEqualTo(400);
            }
            assertThat(vendors.connections()).isZero();
        }
    }
}
