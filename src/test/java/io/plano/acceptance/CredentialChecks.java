package io.plano.acceptance;

import io.plano.acceptance.CheckedApi.Delivery;
import io.plano.testing.FakeUpstream;
import io.plano.testing.HeaderLine;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.ResponseEnd;
import io.plano.testing.UpstreamRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Future;

/** Plays every {@link CredentialRow}, with a whole answer and with a stream, against one deployed application. */
final class CredentialChecks {
    private static final Set<String> SLOTS = Set.of("authorization", "x-api-key", "api-key", "x-goog-api-key");
    private static final Set<String> HOP_BY_HOP = Set.of("upgrade", "http2-settings");

    private final Report report;
    private final FakeUpstream upstream;
    private final int port;
    private final String context;

    CredentialChecks(Report report, FakeUpstream upstream, int port, String context) {
        this.report = report;
        this.upstream = upstream;
        this.port = port;
        this.context = context;
    }

    void run() {
        for (CredentialRow row : CredentialRow.all()) {
            report.check(row.toString(), () -> {
                for (Delivery delivery : Delivery.values()) {
                    if (row.isRefusal()) {
                        refuse(row, delivery);
                    } else {
                        forward(row, delivery);
                    }
                }
            });
        }
    }

    private void refuse(CredentialRow row, Delivery delivery) {
        int connections = upstream.connectionsAccepted();
        int requests = upstream.requests().size();
        try (RawClient client = RawClient.connect(port)) {
            RawResponse response = send(client, row, delivery);
            String body = response.bodyText();
            Checks.equal(row.status(), response.status(), "status with " + body);
            Checks.contains(
                    body,
                    row.surface() == CheckedApi.CHAT ? "{\"error\":{" : "{\"type\":\"error\",\"error\":{",
                    "body");
            CredentialRow.CANARIES.forEach(canary -> Checks.lacks(client.receivedText(), canary, "answer"));
        }
        Checks.equal(connections, upstream.connectionsAccepted(), "number of upstream connections");
        Checks.equal(requests, upstream.requests().size(), "number of upstream requests");
    }

    private void forward(CredentialRow row, Delivery delivery) throws Exception {
        Future<UpstreamRequest> arrived =
                Arrival.answering(upstream, row.surface().reply(delivery));
        try (RawClient client = RawClient.connect(port)) {
            RawResponse response = send(client, row, delivery);
            String body = response.bodyText();
            Checks.equal(row.status(), response.status(), "status with " + body);
            Checks.equal(delivery == Delivery.WHOLE ? CheckedApi.ANSWER : row.surface().stream(), body, "body");
            Checks.equal(ResponseEnd.CLEAN, response.end(), "end");
        }
        UpstreamRequest request = Arrival.of(arrived);
        Checks.equal(row.surface().path(), request.target(), "target");
        Checks.equal(row.surface().body(row.model(), delivery), request.bodyText(), "request body");
        Checks.equal(lowerCase(row.received()), lowerCase(linesNamed(request, SLOTS)), "credentials upstream");
        Checks.equal(List.of(), linesNamed(request, HOP_BY_HOP), "hop-by-hop lines");
        assertNoOtherCanary(request, row);
    }

    private RawResponse send(RawClient client, CredentialRow row, Delivery delivery) {
        return row.surface()
                .request(client, context, row.sent())
                .json(row.surface().body(row.model(), delivery))
                .exchange();
    }

    private static void assertNoOtherCanary(UpstreamRequest request, CredentialRow row) {
        String bytes = new String(request.rawBytes(), StandardCharsets.ISO_8859_1);
        for (String canary : CredentialRow.CANARIES) {
            if (row.received().stream().noneMatch(line -> line.contains(canary))) {
                Checks.lacks(bytes, canary, "upstream request");
            }
        }
    }

    private static List<String> linesNamed(UpstreamRequest request, Set<String> names) {
        return request.headerLines().stream()
                .filter(line -> names.contains(line.name().toLowerCase(Locale.ROOT)))
                .map(CredentialChecks::text)
                .toList();
    }

    private static String text(HeaderLine line) {
        return line.name() + ": " + line.value();
    }

    /** Names in lower case, values as they are. */
    private static List<String> lowerCase(List<String> lines) {
        return lines.stream()
                .map(line -> line.split(":", 2))
                .map(parts -> parts[0].toLowerCase(Locale.ROOT) + ":" + parts[1])
                .toList();
    }
}
