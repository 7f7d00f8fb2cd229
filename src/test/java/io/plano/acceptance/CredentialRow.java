package io.plano.acceptance;

import java.util.List;

/**
 * One row of the table of credentials.
 *
 * @param name what it is about
 * @param surface the API that the client calls
 * @param model which provider it names
 * @param sent the header lines of the client
 * @param status what the client is answered
 * @param received the only lines with credentials that the upstream gets; irrelevant where the status is a refusal
 */
record CredentialRow(
        String name, CheckedApi surface, String model, List<String> sent, int status, List<String> received) {
    static final String CLIENT = "sk-canary-of-the-client";
    static final String OTHER = "sk-canary-of-another-slot";
    static final String ANTHROPIC = "sk-ant-api03-canary-of-the-client";
    static final String OAUTH = "sk-ant-oat01-canary-of-the-client";
    static final String BASIC = "Y2FuYXJ5Om9mIHRoZSBjbGllbnQ=";
    static final String GATEWAY = "sk-canary-of-the-gateway";

    /** None of these may appear anywhere but where a row says. */
    static final List<String> CANARIES = List.of(CLIENT, OTHER, ANTHROPIC, OAUTH, BASIC, GATEWAY);

    private static final String BEARER = "Authorization: Bearer ";
    private static final String OLD = "anthropic-version: 2023-06-01";
    private static final String NEW = "anthropic-version: 2026-10-21";

    /** The configuration that the rows are about, with every provider at this address. */
    static String configuration(String upstream) {
        return """
                version: v0.4.0
                listeners: [{type: model, name: model_listener, port: 12000}]
                model_providers:
                  - {model: openai/chat-own, base_url: "%1$s", passthrough_auth: true, default: true}
                  - {model: openai/chat-else-ours, base_url: "%1$s", passthrough_auth: true, access_key: %2$s,
                     on_missing_credential: access_key}
                  - {model: openai/chat-else-none, base_url: "%1$s", passthrough_auth: true,
                     on_missing_credential: forward}
                  - {model: openai/chat-ours, base_url: "%1$s", access_key: %2$s}
                  - {model: openai/chat-none, base_url: "%1$s"}
                  - {model: openai/chat-pattern, base_url: "%1$s", passthrough_auth: true,
                     client_credential_pattern: "sk-proj-.*"}
                  - {model: anthropic/messages-own, base_url: "%1$s", passthrough_auth: true}
                  - {model: anthropic/messages-ours, base_url: "%1$s", access_key: %2$s}
                """.formatted(upstream, GATEWAY);
    }

    /** Refusals first: as long as only they were asked, the upstream has seen no connection. */
    static List<CredentialRow> all() {
        return List.of(
                refused("nothing sent", CheckedApi.CHAT, "chat-own", List.of(), 401),
                refused("nothing sent", CheckedApi.MESSAGES, "messages-own", List.of(OLD), 401),
                refused("blank", CheckedApi.CHAT, "chat-own", List.of("Authorization: "), 401),
                refused("Bearer alone", CheckedApi.CHAT, "chat-own", List.of("Authorization: Bearer"), 401),
                refused("Bearer null", CheckedApi.CHAT, "chat-own", List.of(BEARER + "null"), 401),
                refused("undefined", CheckedApi.MESSAGES, "messages-own", List.of(OLD, "x-api-key: undefined"), 401),
                refused("pattern mismatch", CheckedApi.CHAT, "chat-pattern", List.of(BEARER + CLIENT), 401),
                refused(
                        "two Authorization lines",
                        CheckedApi.CHAT,
                        "chat-own",
                        List.of(BEARER + CLIENT, BEARER + OTHER),
                        400),
                refused(
                        "two Authorization lines, our key",
                        CheckedApi.CHAT,
                        "chat-ours",
                        List.of(BEARER + CLIENT, BEARER + OTHER),
                        400),
                refused(
                        "Connection: authorization",
                        CheckedApi.CHAT,
                        "chat-own",
                        List.of(BEARER + CLIENT, "Connection: close, Authorization"),
                        400),
                refused(
                        "Connection: x-api-key",
                        CheckedApi.MESSAGES,
                        "messages-own",
                        List.of(OLD, "x-api-key: " + ANTHROPIC, "Connection: x-api-key"),
                        400),
                row("bearer", CheckedApi.CHAT, "chat-own", List.of(BEARER + CLIENT), BEARER + CLIENT),
                row("x-api-key", CheckedApi.CHAT, "chat-own", List.of("x-api-key: " + CLIENT), BEARER + CLIENT),
                row("api-key", CheckedApi.CHAT, "chat-own", List.of("api-key: " + CLIENT), BEARER + CLIENT),
                row(
                        "x-goog-api-key",
                        CheckedApi.CHAT,
                        "chat-own",
                        List.of("x-goog-api-key: " + CLIENT),
                        BEARER + CLIENT),
                row("basic", CheckedApi.CHAT, "chat-own", auth("Basic " + BASIC), "Authorization: Basic " + BASIC),
                row(
                        "two slots",
                        CheckedApi.CHAT,
                        "chat-own",
                        List.of("x-api-key: " + OTHER, BEARER + CLIENT),
                        BEARER + CLIENT),
                row(
                        "h2c upgrade",
                        CheckedApi.CHAT,
                        "chat-own",
                        List.of(
                                BEARER + CLIENT,
                                "Connection: Upgrade, HTTP2-Settings",
                                "Upgrade: h2c",
                                "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA"),
                        BEARER + CLIENT),
                row(
                        "x-api-key",
                        CheckedApi.MESSAGES,
                        "messages-own",
                        List.of(OLD, "x-api-key: " + ANTHROPIC),
                        "x-api-key: " + ANTHROPIC),
                row(
                        "Anthropic key as bearer",
                        CheckedApi.MESSAGES,
                        "messages-own",
                        List.of(OLD, BEARER + ANTHROPIC),
                        "x-api-key: " + ANTHROPIC),
                row(
                        "Anthropic key as bearer, new API",
                        CheckedApi.MESSAGES,
                        "messages-own",
                        List.of(NEW, BEARER + ANTHROPIC),
                        BEARER + ANTHROPIC),
                row("OAuth", CheckedApi.MESSAGES, "messages-own", List.of(OLD, BEARER + OAUTH), BEARER + OAUTH),
                row(
                        "basic",
                        CheckedApi.MESSAGES,
                        "messages-own",
                        auth("Basic " + BASIC),
                        "Authorization: Basic " + BASIC),
                row(
                        "two slots",
                        CheckedApi.MESSAGES,
                        "messages-own",
                        List.of(OLD, BEARER + OTHER, "x-api-key: " + ANTHROPIC),
                        "x-api-key: " + ANTHROPIC),
                row("own over ours", CheckedApi.CHAT, "chat-else-ours", List.of(BEARER + CLIENT), BEARER + CLIENT),
                row("ours for want of own", CheckedApi.CHAT, "chat-else-ours", List.of(), BEARER + GATEWAY),
                row("none for want of own", CheckedApi.CHAT, "chat-else-none", List.of()),
                row("our key", CheckedApi.CHAT, "chat-ours", everywhere(), BEARER + GATEWAY),
                row("our key", CheckedApi.MESSAGES, "messages-ours", everywhere(), "x-api-key: " + GATEWAY),
                row("neither key nor passthrough", CheckedApi.CHAT, "chat-none", everywhere()));
    }

    boolean isRefusal() {
        return status >= 400;
    }

    @Override
    public String toString() {
        return "credentials: " + name + ", " + surface + " to " + model;
    }

    private static List<String> auth(String value) {
        return List.of(OLD, "Authorization: " + value);
    }

    private static List<String> everywhere() {
        return List.of(BEARER + CLIENT, "x-api-key: " + CLIENT, "api-key: " + CLIENT, "x-goog-api-key: " + CLIENT);
    }

    private static CredentialRow row(
            String name, CheckedApi surface, String model, List<String> sent, String... received) {
        return new CredentialRow(name, surface, model, sent, 200, List.of(received));
    }

    private static CredentialRow refused(String name, CheckedApi surface, String model, List<String> sent, int status) {
        return new CredentialRow(name, surface, model, sent, status, List.of());
    }
}
