package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.plano.body.ByteSegments;
import io.plano.body.ContentCoding;
import io.plano.body.ContentCoding.Bounds;
import io.plano.body.ModelScan;
import io.plano.body.MultipartScan;
import io.plano.config.ConfigLoader;
import io.plano.credential.Credential;
import io.plano.credential.InboundCredentials;
import io.plano.failure.GatewayException;
import io.plano.http.BodyChange;
import io.plano.http.ClientHead;
import io.plano.http.HeaderAdmission;
import io.plano.http.HeaderLimits;
import io.plano.http.HeaderRules;
import io.plano.http.Headers;
import io.plano.http.RequestTarget;
import io.plano.http.ResponseCoding;
import io.plano.http.UpstreamHead;
import io.plano.provider.Surface;
import io.plano.route.Asked;
import io.plano.route.Router;
import io.plano.route.Target;
import io.plano.snapshot.GatewaySnapshot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a container lets through of a request: what is made of its head and of its body's model is a request to a
 * provider or a refusal in words, with a status below 500 but for a loop and for what is not served.
 */
class RequestHeadFuzzTest {
    private static final HeaderLimits LIMITS = new HeaderLimits(100, 64 << 10);

    private static final GatewaySnapshot SNAPSHOT =
            Objects.requireNonNull(ConfigLoader.parse("""
                    version: v0.4.0
                    listeners: [{type: model, name: m, port: 12000}]
                    model_providers:
                      - {model: openai/gpt-4o, passthrough_auth: true, default: true}
                      - {model: anthropic/*, passthrough_auth: true}
                      - {model: azure_openai/*, base_url: "https://a.example", passthrough_auth: true}
                    model_aliases: {nick: {target: gpt-4o}}
                    """, "test", Map.of()).snapshot());

    static Stream<byte[]> requests() {
        return Stream.of(
                        "/v1/chat/completions\nHost: h\nAuthorization: Bearer k\n\n{\"model\":\"gpt-4o\"}",
                        "/v1/messages?beta=true\nx-api-key: k\nAnthropic-Version: 2023-06-01\n\n{\"model\":\"anthropic/x\"}",
                        "/v1/messagesX\nHost: h\n\n",
                        "/v1/responses/r1?api_key=k\nConnection: close, x-api-key\n\n",
                        "/v1/../x%2e%2F;a\nVia: 1.1 plano\nContent-Length: +2\n\n{\"model\":\"azure_openai/..\"}",
                        "/v1/audio/transcriptions\nContent-Type: multipart/form-data; boundary=\"X\"\n\n--X\r\n"
                                + "Content-Disposition: form-data; name=\"model\"\r\n\r\nwhisper\r\n--X--",
                        "/v1/embeddings\nContent-Encoding: zstd\nTransfer-Encoding: gzip, chunked\n\n(\u00b5/\u00fd",
                        "/v1/embeddings\nContent-Encoding: deflate, gzip\nAuthorization: Digest a=b, c=d\n\nx\u009c\u0003")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("requests")
    @FuzzTest(maxDuration = "2m")
    void becomesARequestOrARefusal(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\n\n");
        String head = end < 0 ? text : text.substring(0, end);
        String body = end < 0 ? "" : text.substring(end + 2);
        try {
            forward(head.split("\n", -1), ByteSegments.of(body.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (GatewayException refusal) {
            assertThat(refusal.kind().status()).isIn(400, 401, 403, 404, 405, 413, 415, 426, 431, 501, 508);
            assertThat(refusal.clientMessage()).isNotBlank();
        }
    }

    private static void forward(String[] lines, ByteSegments body) {
        Headers.Builder fields = Headers.builder();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            fields.add(
                    colon < 0 ? lines[i] : lines[i].substring(0, colon),
                    colon < 0 ? "" : lines[i].substring(colon + 1).strip());
        }
        Headers headers = fields.build();
        int query = lines[0].indexOf('?');
        String path = query < 0 ? lines[0] : lines[0].substring(0, query);
        Surface.dialect(path, headers);
        checkCredentials(headers);
        RequestTarget target = RequestTarget.parse(path, query < 0 ? null : lines[0].substring(query + 1));
        target.refuseQueryKey();
        HeaderAdmission.check(headers, LIMITS, "plano");
        String suffix = target.suffix();
        if (suffix == null) {
            return;
        }
        Surface surface = Surface.of("POST", suffix);
        String model = model(headers, body);
        Asked asked = new Asked(
                surface, surface.dialect(headers), Surface.clientsDialect(headers), model, InboundCredentials.NONE);
        for (Target each : Router.route(SNAPSHOT, asked).targets()) {
            String sent = each.model() != null ? each.model() : model;
            assertThat(each.provider().target(suffix, sent, target.query())).startsWith("/");
        }
        rewrite(headers);
    }

    private static void checkCredentials(Headers headers) {
        List<String> authorization = headers.all("Authorization");
        HeaderAdmission.refuseAmbiguousAuthorization(authorization);
        HeaderAdmission.refuseConnectionBound(authorization);
        HeaderAdmission.refuseStripping(headers.all("Connection"));
        authorization.forEach(Credential::parseAuthorization);
        headers.all("x-api-key").forEach(Credential::key);
    }

    private static @Nullable String model(Headers headers, ByteSegments body) {
        ByteSegments plain = ContentCoding.decode(headers.all("Content-Encoding"), body, Bounds.of(1 << 20));
        String type = headers.first("Content-Type");
        return MultipartScan.accepts(type)
                ? MultipartScan.of(plain, type).model()
                : ModelScan.of(plain).model();
    }

    private static void rewrite(Headers headers) {
        HeaderRules.toUpstream(
                headers,
                new UpstreamHead("h", UpstreamHead.UNDECLARED, "plano", BodyChange.NONE, ResponseCoding.IDENTITY));
        HeaderRules.toClient(headers, new ClientHead("plano", BodyChange.DECODED, "application/json", true));
    }
}
