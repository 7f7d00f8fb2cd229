package io.plano.server;

import io.plano.bench.GatewayCpu;
import io.plano.bench.SampleStream;
import io.plano.bench.StreamingClient;
import io.plano.bench.StreamingProvider;
import io.plano.config.ConfigLoader;
import io.plano.snapshot.GatewaySnapshot;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one event of a stream costs that crosses the gateway, from the provider's socket to the client's: as it is where
 * both speak one API, translated otherwise. What counts is the processor time that {@link GatewayCpu}
 * shows; the time that passes is the provider's as well.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 6, time = 2)
@Measurement(iterations = 6, time = 2)
@Fork(1)
public class StreamBenchmark {
    private static final int EVENTS = 1_000;
    private static final String CHAT =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}";
    private static final String RESPONSES = "{\"model\":\"m\",\"input\":\"Hi\",\"stream\":true}";
    private static final String MESSAGES =
            "{\"model\":\"m\",\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}";

    @Param({"CHAT", "RESPONSES", "MESSAGES"})
    public SampleStream.Api upstream = SampleStream.Api.CHAT;

    @Param({"16", "200"})
    public int textLength = 16;

    private StreamingProvider provider;
    private GatewayServer gateway;
    private StreamingClient chat;
    private StreamingClient responses;
    private StreamingClient messages;

    @Setup
    public void start() throws IOException {
        provider = StreamingProvider.start(SampleStream.of(upstream, textLength), EVENTS);
        gateway = GatewayServer.start(snapshot());
        int port = gateway.addresses().get(0).getPort();
        chat = StreamingClient.connect(port, "/v1/chat/completions", CHAT);
        responses = StreamingClient.connect(port, "/v1/responses", RESPONSES);
        messages = StreamingClient.connect(port, "/v1/messages", MESSAGES);
    }

    private GatewaySnapshot snapshot() {
        String yaml = """
                version: v0.4.0
                listeners: [{type: model, name: m, address: 127.0.0.1, port: 0}]
                model_providers:
                  - {model: custom/m, base_url: "http://127.0.0.1:%d", provider_interface: %s, apis: [%s], passthrough_auth: true, default: true}
                """.formatted(
                        provider.port(),
                        upstream == SampleStream.Api.MESSAGES ? "anthropic" : "openai",
                        upstream.name().toLowerCase(Locale.ROOT));
        return Objects.requireNonNull(
                ConfigLoader.parse(yaml, "benchmark", Map.of()).snapshot());
    }

    @TearDown(Level.Iteration)
    public void measure() {
        GatewayCpu.iterationEnded();
    }

    @TearDown
    public void stop() throws IOException {
        chat.close();
        responses.close();
        messages.close();
        gateway.close();
        provider.close();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long toChat() throws IOException {
        return chat.exchange();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long toResponses() throws IOException {
        return responses.exchange();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long toMessages() throws IOException {
        return messages.exchange();
    }
}
