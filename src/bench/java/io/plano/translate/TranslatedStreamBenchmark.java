package io.plano.translate;

import io.plano.http.SseTail;
import io.plano.provider.ChatQuirks;
import io.plano.translate.Translation.Arrival;
import io.plano.translate.anthropic.MessagesCodec;
import io.plano.translate.openai.ChatCodec;
import io.plano.translate.openai.ResponsesCodec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
 * What one event of a stream costs: relayed as it is, which is a copy of its bytes and a look at where events end, and
 * translated. Each event comes as a chunk of its own, as it does from a provider that generates.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TranslatedStreamBenchmark {
    private static final int EVENTS = 1_000;

    /** Who sends the stream. */
    public enum Upstream {
        CHAT,
        RESPONSES,
        MESSAGES
    }

    @Param({"CHAT", "RESPONSES", "MESSAGES"})
    public Upstream upstream = Upstream.CHAT;

    @Param({"16", "200"})
    public int textLength = 16;

    private byte[] head = {};
    private byte[][] deltas = {};
    private byte[] tail = {};

    @Setup
    public void write() {
        String text = "Lorem ipsum dolor ".repeat(12).substring(0, textLength);
        switch (upstream) {
            case CHAT -> {
                head = bytes(chat("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null"));
                fill(chat("{\"content\":\"" + text + "\"}", "null"));
                tail = bytes(chat("{}", "\"stop\"") + "data: [DONE]\n\n");
            }
            case RESPONSES -> {
                head = bytes(
                        event(
                                        "response.created",
                                        "\"response\":{\"id\":\"resp_1\",\"object\":\"response\","
                                                + "\"created_at\":1,\"status\":\"in_progress\",\"model\":\"m\",\"output\":[]}")
                                + event(
                                        "response.output_item.added",
                                        "\"output_index\":0,\"item\":{\"id\":\"msg_1\","
                                                + "\"type\":\"message\",\"status\":\"in_progress\",\"content\":[],\"role\":\"assistant\"}")
                                + event(
                                        "response.content_part.added",
                                        "\"item_id\":\"msg_1\",\"output_index\":0,"
                                                + "\"content_index\":0,\"part\":{\"type\":\"output_text\",\"annotations\":[],\"text\":\"\"}"));
                fill(event(
                        "response.output_text.delta",
                        "\"sequence_number\":77,\"item_id\":\"msg_1\",\"output_index\":0,"
                                + "\"content_index\":0,\"delta\":\"" + text
                                + "\",\"logprobs\":[],\"obfuscation\":\"Ab3dE\""));
                tail = bytes(event(
                        "response.completed",
                        "\"response\":{\"id\":\"resp_1\",\"object\":\"response\","
                                + "\"created_at\":1,\"status\":\"completed\",\"model\":\"m\",\"output\":[]}"));
            }
            case MESSAGES -> {
                head = bytes(event(
                                "message_start",
                                "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                                        + "\"model\":\"m\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
                                        + "\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}")
                        + event(
                                "content_block_start",
                                "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"));
                fill(event(
                        "content_block_delta",
                        "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}"));
                tail = bytes(event("content_block_stop", "\"index\":0")
                        + event(
                                "message_delta",
                                "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                                        + "\"usage\":{\"output_tokens\":900}")
                        + event("message_stop", "\"stop\":1"));
            }
        }
    }

    private static String chat(String delta, String finish) {
        return "data: {\"id\":\"chatcmpl-AbCdEfGhIjKlMnOpQrStUvWx\",\"object\":\"chat.completion.chunk\",\"created\":1754000000,"
                + "\"model\":\"gpt-5\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_0123456789\",\"choices\":[{\"index\":0,"
                + "\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":" + finish + "}],\"usage\":null}\n\n";
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void fill(String event) {
        deltas = new byte[EVENTS][];
        Arrays.fill(deltas, bytes(event));
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void identity(Blackhole client) {
        SseTail watch = new SseTail();
        relay(watch, head, client);
        for (byte[] delta : deltas) {
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
                new ChatCodec(),
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
            case CHAT -> new ChatCodec();
            case RESPONSES -> new ResponsesCodec();
            case MESSAGES -> new MessagesCodec();
        };
        AnswerTranslator answer = Translation.of(
                        clientCodec,
                        clientCodec.decodeRequest(bytes(request)),
                        upstreamCodec,
                        new UpstreamModel("m", ChatQuirks.OPENAI))
                .answer(Arrival.EVENTS, "req-1", 1);
        SseTail watch = new SseTail();
        relay(answer, watch, head, client);
        for (byte[] delta : deltas) {
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
