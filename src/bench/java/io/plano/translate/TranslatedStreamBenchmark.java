package io.plano.translate;

import io.plano.bench.SampleStream;
import io.plano.body.SseTail;
import io.plano.provider.CompletionsQuirks;
import io.plano.translate.Translation.Arrival;
import io.plano.translate.messages.MessagesCodec;
import io.plano.translate.completions.CompletionsCodec;
import io.plano.translate.responses.ResponsesCodec;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What one event of a stream costs in memory alone: relayed as it is, which is a copy of its bytes and a look at where
 * events end, and translated. It shows where translation spends its time; what it adds to a stream that crosses sockets
 * is {@code StreamBenchmark}'s. Each event comes as a chunk of its own, as it does from a provider that generates.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TranslatedStreamBenchmark {
    private static final int EVENTS = 1_000;

    @Param({"CHAT", "RESPONSES", "MESSAGES"})
    public SampleStream.Api upstream = SampleStream.Api.CHAT;

    @Param({"16", "200"})
    public int textLength = 16;

    private byte[] head = {};
    private byte[] delta = {};
    private byte[] tail = {};

    @Setup
    public void write() {
        SampleStream stream = SampleStream.of(upstream, textLength);
        head = stream.head();
        delta = stream.delta();
        tail = stream.tail();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void identity(Blackhole client) {
        SseTail watch = new SseTail();
        relay(watch, head, client);
        for (int i = 0; i < EVENTS; i++) {
            relay(watch, delta, client);
        }
        relay(watch, tail, client);
        client.consume(watch.isTerminated());
    }

    private static void relay(SseTail watch, byte[] chunk, Blackhole client) {
        byte[] copy = chunk.clone();
        watch.accept(copy, 0, copy.length);
        client.consume(copy);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void toChat(Blackhole client) {
        translate(
                new CompletionsCodec(),
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}",
                client);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void toResponses(Blackhole client) {
        translate(new ResponsesCodec(), "{\"model\":\"m\",\"input\":\"Hi\",\"stream\":true}", client);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void toMessages(Blackhole client) {
        translate(
                new MessagesCodec(),
                "{\"model\":\"m\",\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}",
                client);
    }

    private void translate(ApiCodec clientCodec, String request, Blackhole client) {
        ApiCodec upstreamCodec = switch (upstream) {
            case CHAT -> new CompletionsCodec();
            case RESPONSES -> new ResponsesCodec();
            case MESSAGES -> new MessagesCodec();
        };
        AnswerTranslator answer = Translation.of(
                        clientCodec,
                        clientCodec.decodeRequest(request.getBytes(StandardCharsets.UTF_8)),
                        upstreamCodec,
                        new UpstreamModel("m", CompletionsQuirks.OPENAI))
                .answer(Arrival.EVENTS, "req-1", 1);
        SseTail watch = new SseTail();
        relay(answer, watch, head, client);
        for (int i = 0; i < EVENTS; i++) {
            relay(answer, watch, delta, client);
        }
        relay(answer, watch, tail, client);
        answer.end();
        if (!answer.isComplete()) {
            throw new IllegalStateException(String.valueOf(answer.error()));
        }
    }

    /** What the bridge does with a translated chunk: the client's side is watched as well. */
    private static void relay(AnswerTranslator answer, SseTail watch, byte[] chunk, Blackhole client) {
        answer.accept(chunk, 0, chunk.length);
        byte[] translated = answer.take();
        watch.accept(translated, 0, translated.length);
        client.consume(translated);
    }
}
