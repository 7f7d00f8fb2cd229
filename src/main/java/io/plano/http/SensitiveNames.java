package io.plano.http;

import io.plano.http.HeaderTable.Action;
import io.plano.http.HeaderTable.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * The data behind the rule that credentials and identities of other systems do not cross: header fields that
 * identity-aware proxies, meshes and single sign-on put in front of an application, each with who sets it; and those that
 * clients of model APIs are known to send, which stay open whatever their names look like. What is in neither list is
 * judged by the words of its name: see {@link NameWords}.
 *
 * <p>What is closed goes upstream only where a provider's row lists it in {@code forward_headers}. Stateless.
 */
final class SensitiveNames {
    private static final String MODEL_API = "open: clients of model APIs send it";
    private static final String ANSWERS = "open: providers answer with it";
    private static final String TRACING = "open: tracing (W3C Trace Context, B3, vendors)";
    private static final String BROWSER = "open: browsers set it (Fetch Metadata, Client Hints)";

    private SensitiveNames() {}

    /** Whole names. */
    static List<Row> names() {
        List<Row> rows = new ArrayList<>();
        closed(rows, "RFC 9110 §10.1.2: the mail address of who controls the client", "from");
        closed(rows, "RFC 9449: proof of possession for an access token", "dpop");
        closed(rows, "RFC 9440: the client's certificate, from a TLS terminator", "client-cert", "client-cert-chain");
        closed(rows, "GitLab REST API, authentication", "private-token", "job-token", "deploy-token");
        closed(rows, "nginx, Apache httpd and others: who was authenticated in front", "x-user", "x-email", "x-groups");
        closed(rows, "Kong: the consumer of a plugin for authentication", "x-consumer-id", "x-consumer-custom-id");
        closed(rows, "Kong and APISIX: the same, by name", "x-consumer-username", "x-userinfo", "x-anonymous-consumer");
        closed(rows, "Google API Gateway and ESP: claims", "x-apigateway-api-userinfo", "x-endpoint-api-userinfo");
        closed(rows, "Azure App Service: the client's certificate", "x-arr-clientcert", "x-arr-ssl");
        closed(rows, "Grafana: a signed identity", "x-grafana-id");
        closed(rows, "Microsoft Graph, Kubernetes dashboards: whom the caller acts for", "x-on-behalf-of");
        closed(
                rows,
                "nginx: the verdict on a client's certificate",
                "x-client-verify",
                "x-client-dn",
                "x-client-serial");
        closed(rows, "CA SiteMinder", "smuser", "smsession", "sm-user", "sm-serversessionid", "sm-universalid");
        open(rows, MODEL_API, MODEL_CLIENTS);
        open(rows, TRACING, "traceparent", "tracestate", "baggage", "b3", "x-cloud-trace-context", "x-amzn-trace-id");
        open(rows, ANSWERS, "request-id", "date", "content-disposition", "content-language", "last-modified", "vary");
        return rows;
    }

    private static final String[] MODEL_CLIENTS = {
        "accept",
        "accept-language",
        "user-agent",
        "x-app",
        "originator",
        "session-id",
        "thread-id",
        "conversation-id",
        "x-session-id",
        "x-request-id",
        "x-client-request-id",
        "x-correlation-id",
        "x-ms-client-request-id",
        "x-goog-api-client",
        "x-goog-user-project",
        "x-goog-request-params",
        "x-amz-user-agent",
        "x-amz-date",
        "x-amz-content-sha256",
        "x-amz-target",
        "chatgpt-account-id",
        "idempotency-key",
        "x-idempotency-key",
        "http-referer",
        "referer",
        "x-title",
        "origin",
        "pragma",
        "priority",
        "version"
    };

    /** Beginnings of names. */
    static List<Row> families() {
        List<Row> rows = new ArrayList<>();
        open(rows, "open: the contract of Anthropic's clients", "anthropic-", "x-claude-code-");
        open(rows, "open: the contract of OpenAI's clients", "openai-", "x-openai-", "x-codex-");
        open(rows, "open: SDKs made by Stainless", "x-stainless-");
        open(rows, "open: SDKs of AWS, and Bedrock's own", "amz-sdk-", "x-amzn-bedrock-");
        open(rows, "open: Cloudflare AI Gateway", "cf-aig-");
        open(rows, ANSWERS, "x-ratelimit-", "ratelimit-");
        open(rows, TRACING, "x-b3-", "x-datadog-", "x-newrelic-", "uber-trace-");
        open(rows, BROWSER, "sec-");
        addIdentities(rows);
        addCertificates(rows);
        onlyUpstream(rows, "GitLab: webhooks and jobs", "x-gitlab-");
        onlyUpstream(rows, "Envoy and Istio: the mesh in front of the gateway, its peers included", "x-envoy-");
        onlyUpstream(rows, "Fly.io: the client and the edge in front of the gateway", "fly-");
        return rows;
    }

    private static void addIdentities(List<Row> rows) {
        closed(rows, "AWS Application Load Balancer: authenticated users", "x-amzn-oidc-");
        closed(rows, "Google Identity-Aware Proxy", "x-goog-iap-", "x-goog-authenticated-user-");
        closed(rows, "Google App Engine: the user and where they are", "x-appengine-");
        closed(rows, "Azure App Service and Container Apps: Easy Auth", "x-ms-token-", "x-ms-client-principal");
        closed(rows, "Cloudflare Access", "cf-access-");
        closed(rows, "oauth2-proxy, with nginx auth_request", "x-auth-request-");
        closed(rows, "HashiCorp Vault", "x-vault-");
        closed(rows, "CGI, Authelia, Apache httpd: the authenticated user", "remote-");
        closed(rows, "Kubernetes: authenticating proxy", "x-remote-");
        closed(rows, "Kubernetes: impersonation", "impersonate-");
        closed(rows, "Pomerium", "x-pomerium-");
        closed(rows, "authentik", "x-authentik-");
        closed(rows, "Tailscale Serve", "tailscale-");
        closed(rows, "Grafana: auth proxy", "x-webauth-");
        closed(rows, "mod_auth_openidc", "oidc-");
        closed(rows, "mod_auth_mellon", "mellon-");
        closed(rows, "Shibboleth", "shib-");
        closed(rows, "IBM WebSEAL", "iv-");
        closed(rows, "Firebase", "x-firebase-");
        closed(rows, "Hasura: the session's variables", "x-hasura-");
        closed(rows, "Parse Server", "x-parse-");
    }

    private static void addCertificates(List<Row> rows) {
        closed(rows, "AWS Application Load Balancer: mutual TLS", "x-amzn-mtls-");
        closed(
                rows,
                "Apache httpd, nginx, HAProxy: the client's certificate",
                "ssl-client-",
                "x-ssl-",
                "x-client-cert");
        closed(rows, "HAProxy, Traefik, Envoy: the client's certificate", "x-tls-client-", "tls-client-", "x-mtls-");
    }

    private static void closed(List<Row> rows, String source, String... names) {
        for (String name : names) {
            rows.add(new Row(name, Action.LISTED, Action.DROP, "an identity or a credential. " + source));
        }
    }

    /** Providers that stand behind such a system answer with fields of the same family, which are of use. */
    private static void onlyUpstream(List<Row> rows, String source, String... names) {
        for (String name : names) {
            rows.add(new Row(name, Action.LISTED, Action.FORWARD, "an identity or a credential. " + source));
        }
    }

    private static void open(List<Row> rows, String source, String... names) {
        for (String name : names) {
            rows.add(new Row(name, Action.OPEN, Action.OPEN, source));
        }
    }
}
