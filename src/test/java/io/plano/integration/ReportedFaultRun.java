package io.plano.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.testing.FakeUpstream;
import io.plano.testing.GatewayContainer;
import io.plano.testing.RawClient;
import io.plano.testing.RawRequest;
import io.plano.testing.RawResponse;
import io.plano.testing.ResponseEnd;
import io.plano.testing.SseEvent;
import io.plano.testing.UpstreamRequest;
import java.util.ArrayList;
import java.util.List;

/** A reported situation, set up and asked once; a check may ask again. One thread. */
final class ReportedFaultRun implements AutoCloseable {
    private final ReportedFault fault;
    private final FakeUpstream upstream;
    private final GatewayContainer gateway;
    private final Answer first;

    /** What the client got, read to its end. */
    record Answer(int status, String dropped, String body, ResponseEnd end) {
        JsonNode json() {
            return ReportedFault.json(body);
        }

        /** The data of all events that are JSON. */
        List<JsonNode> events() {
            List<JsonNode> events = new ArrayList<>();
            for (String block : body.split("\n\n")) {
                String data = new SseEvent(block + "\n\n").data();
                if (data.startsWith("{")) {
                    events.add(ReportedFault.json(data));
                }
            }
            return events;
        }
    }

    private ReportedFaultRun(ReportedFault fault, FakeUpstream upstream, GatewayContainer gateway) {
        this.fault = fault;
        this.upstream = upstream;
        this.gateway = gateway;
        this.first = ask(fault.body());
    }

    static ReportedFaultRun of(ReportedFault fault) {
        FakeUpstream upstream = FakeUpstream.start();
        upstream.onRequest(fault::reply);
        try {
            GatewayContainer gateway =
                    GatewayContainer.start(GatewayContainer.Kind.JETTY, "/", fault.config(upstream.port()));
            return new ReportedFaultRun(fault, upstream, gateway);
        } catch (RuntimeException failed) {
            upstream.close();
            throw failed;
        }
    }

    /** Asks with that body in place of the file's; a null node sends none. */
    Answer ask(JsonNode body) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawRequest request = client.request(fault.method(), fault.path());
            fault.headerLines().forEach(request::line);
            RawResponse response = (body.isObject() ? request.json(body.toString()) : request).exchange();
            String dropped = response.header("x-plano-dropped");
            String text = response.bodyText();
            return new Answer(response.status(), dropped == null ? "" : dropped, text, response.end());
        }
    }

    /** The answer to what the file asks. */
    Answer answer() {
        return first;
    }

    /** The same, which must be a success. */
    Answer success() {
        assertThat(first.status()).as(first.body()).isEqualTo(200);
        return first;
    }

    ReportedFault fault() {
        return fault;
    }

    List<UpstreamRequest> requests() {
        return upstream.requests();
    }

    /** What the provider was asked last. */
    UpstreamRequest request() {
        List<UpstreamRequest> requests = upstream.requests();
        assertThat(requests).as("what reached the provider").isNotEmpty();
        return requests.get(requests.size() - 1);
    }

    /** The body of what the provider was asked last. */
    JsonNode asked() {
        return ReportedFault.json(request().bodyText());
    }

    FakeUpstream upstream() {
        return upstream;
    }

    @Override
    public void close() {
        try {
            gateway.close();
        } finally {
            upstream.close();
        }
    }
}
