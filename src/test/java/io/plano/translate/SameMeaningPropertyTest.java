package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import io.plano.testing.GoldenCase;
import io.plano.translate.Translation.Arrival;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.neutral.Usage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One answer, six ways to a client: three formats, whole and streamed. Whatever it is, read back all six mean the same: codecs
 * that disagree with each other are wrong somewhere.
 */
class SameMeaningPropertyTest {
    /**
     * What every client learns.
     *
     * @param gist in the words of Messages, which has the fewest
     * @param sources the addresses of the web pages that are cited
     * @param proofs what the client is to send back, in any order
     */
    record Meaning(AnswerGist gist, List<String> sources, TreeSet<String> proofs) {
        static Meaning of(ChatAnswer answer) {
            TreeSet<String> proofs = new TreeSet<>();
            for (Part part : answer.content()) {
                if (part instanceof Part.Thought thought && isCarried(thought.signature())) {
                    proofs.add(proof(thought.signature()));
                } else if (part instanceof Part.RedactedThought redacted) {
                    proofs.add(proof(redacted.data()));
                }
            }
            List<String> sources = answer.citations().stream()
                    .map(Citation::url)
                    .filter(Objects::nonNull)
                    .sorted()
                    .toList();
            AnswerGist gist = AnswerGist.of(answer).in(WireFormat.MESSAGES);
            // Where OpenAI's clients expect words, a provider that declines without any is lent some.
            String text = gist.text().replace("The model declined to answer.", "");
            return new Meaning(
                    new AnswerGist(text, gist.refusal(), gist.reasoning(), gist.calls(), gist.finish(), gist.tokens()),
                    sources,
                    proofs);
        }

        /** What a provider of Chat Completions wants to see again goes through its own members for its own clients. */
        private static boolean isCarried(@Nullable Signature signature) {
            return signature != null
                    && !Signature.unwrap(signature.value(), signature.origin()).isState()
                    && !signature.isState();
        }

        /** As a client sends it back, of whichever format: unwrapped. */
        private static String proof(Signature signature) {
            Signature known = Signature.unwrap(signature.value(), signature.origin());
            return known.origin() + " " + known.value();
        }
    }

    /** Some of an answer, which is pushed when its number of calls so far is known. */
    interface Block {
        int push(ChatStream answer, int calls, int position);

        default int calls() {
            return 0;
        }
    }

    record Text(List<String> pieces, int citedBefore, int citedAfter, boolean placed) implements Block {
        @Override
        public int push(ChatStream answer, int calls, int position) {
            int length = String.join("", pieces)
                    .codePointCount(0, String.join("", pieces).length());
            cite(answer, citedBefore, "before", position, length);
            pieces.forEach(answer::textDelta);
            cite(answer, citedAfter, "after", position, length);
            answer.blockEnded();
            return length;
        }

        private void cite(ChatStream answer, int count, String where, int position, int length) {
            for (int i = 0; i < count; i++) {
                String url = "https://" + where + ".example/" + i;
                int start = placed ? position : -1;
                answer.cited(new Citation(
                        WireFormat.MESSAGES, source(url), url, "T", start, placed ? position + length : -1));
            }
        }

        private static JsonNode source(String url) {
            return Json.nodes()
                    .objectNode()
                    .put("type", "web_search_result_location")
                    .put("url", url)
                    .put("title", "T")
                    .put("encrypted_index", "e")
                    .put("cited_text", "c");
        }
    }

    record Refusal(List<String> pieces) implements Block {
        @Override
        public int push(ChatStream answer, int calls, int position) {
            pieces.forEach(answer::refusalDelta);
            answer.blockEnded();
            return 0;
        }
    }

    record Thought(List<String> pieces, Signature signature) implements Block {
        @Override
        public int push(ChatStream answer, int calls, int position) {
            pieces.forEach(answer::reasoningDelta);
            answer.reasoningSigned(signature);
            return 0;
        }
    }

    record Redacted(Signature data) implements Block {
        @Override
        public int push(ChatStream answer, int calls, int position) {
            answer.reasoningRedacted(data);
            return 0;
        }
    }

    record Native(WireFormat source) implements Block {
        @Override
        public int push(ChatStream answer, int calls, int position) {
            answer.nativeBlock(
                    source,
                    Json.nodes().objectNode().put("type", "web_search_call").put("id", "ws_1"));
            return 0;
        }
    }

    record Call(ToolKind kind, List<String> pieces) implements Block {
        @Override
        public int push(ChatStream answer, int calls, int position) {
            answer.toolCallStarted(calls, "call_" + calls, "tool", kind);
            pieces.forEach(piece -> answer.toolArgumentsDelta(calls, piece));
            answer.toolCallEnded(calls);
            return 0;
        }

        @Override
        public int calls() {
            return 1;
        }
    }

    /** The answer of a provider as it is pushed. */
    record Answer(List<Block> blocks, FinishReason reason) implements Consumer<ChatStream> {
        @Override
        public void accept(ChatStream target) {
            ChatStream answer = OrderlyStream.before(target);
            answer.started(new AnswerStart("id_1", "model-1", 1_700_000_000, null));
            int calls = 0;
            int position = 0;
            for (Block block : blocks) {
                position += block.push(answer, calls, position);
                calls += block.calls();
            }
            boolean called = calls > 0 && reason != FinishReason.LENGTH;
            answer.finished(new Finish(called ? FinishReason.TOOL_CALLS : reason));
            answer.usage(new Usage(30, 10, 5, 20, 4));
            answer.ended();
        }
    }

    private static Meaning delivered(Consumer<ChatStream> answer, WireFormat client, Arrival delivery) {
        AnswerContext context = new AnswerContext(Codecs.plainRequest(client, delivery), Codecs.REQUEST_ID, Codecs.NOW);
        byte[] bytes;
        if (delivery == Arrival.DOCUMENT) {
            AnswerCollector collector = new AnswerCollector();
            answer.accept(collector);
            bytes = Codecs.of(client).encodeAnswer(Objects.requireNonNull(collector.answer()), context);
        } else {
            EventBuffer events = new EventBuffer();
            answer.accept(Codecs.of(client).encodeStream(Framing.sse().writer(events), context));
            bytes = events.take();
        }
        return Meaning.of(Codecs.readWhole(client, delivery, bytes));
    }

    private static void assertSameMeaning(Consumer<ChatStream> answer) {
        AnswerCollector collector = new AnswerCollector();
        answer.accept(collector);
        Meaning pushed = Meaning.of(Objects.requireNonNull(collector.answer()));
        for (WireFormat client : WireFormat.values()) {
            for (Arrival delivery : Arrival.values()) {
                assertThat(delivered(answer, client, delivery))
                        .as("%s as %s", client, delivery)
                        .isEqualTo(pushed);
            }
        }
    }

    @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
    void sixDeliveriesMeanTheSame(@ForAll("answers") Answer answer) {
        assertSameMeaning(answer);
    }

    static Stream<GoldenCase> recorded() {
        return Codecs.recordedChats().filter(golden -> !golden.tags().contains("mid-stream-error"));
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void sixDeliveriesOfARecordedAnswerMeanTheSame(GoldenCase golden) {
        WireFormat upstream = Codecs.formatOf(golden);
        Arrival arrival = Codecs.arrivalOf(golden);
        ChatAnswer answer = Codecs.readWhole(upstream, arrival, Codecs.answerOf(golden));
        // Of one provider's annotations that are no web pages, other formats know nothing.
        assertSameMeaning(target -> replay(answer, target));
    }

    private static void replay(ChatAnswer answer, ChatStream target) {
        List<Block> blocks = new ArrayList<>();
        for (Part part : answer.content()) {
            if (part instanceof Part.Text text && !text.text().isEmpty()) {
                blocks.add(new Text(List.of(text.text()), 0, answer.citations().isEmpty() ? 0 : 1, false));
            } else if (part instanceof Part.Refusal refusal && !refusal.text().isEmpty()) {
                blocks.add(new Refusal(List.of(refusal.text())));
            } else if (part instanceof Part.Thought thought && thought.signature() != null) {
                blocks.add(new Thought(
                        thought.text().isEmpty() ? List.of() : List.of(thought.text()), thought.signature()));
            } else if (part instanceof Part.RedactedThought redacted) {
                blocks.add(new Redacted(redacted.data()));
            } else if (part instanceof Part.ToolCall call) {
                blocks.add(new Call(call.kind(), call.arguments().isEmpty() ? List.of() : List.of(call.arguments())));
            }
        }
        new Answer(
                        blocks,
                        answer.finish().reason() == FinishReason.TOOL_CALLS
                                ? FinishReason.STOP
                                : answer.finish().reason())
                .accept(target);
    }

    @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
    void anAnswerThatFailsIsAFailureInEveryFormat(@ForAll("answers") Answer answer) {
        UpstreamError error = new UpstreamError(502, null, null, "boom", null, null);
        for (WireFormat client : WireFormat.values()) {
            EventBuffer events = new EventBuffer();
            ChatStream stream = Codecs.of(client)
                    .encodeStream(
                            Framing.sse().writer(events),
                            new AnswerContext(
                                    Codecs.plainRequest(client, Arrival.EVENTS), Codecs.REQUEST_ID, Codecs.NOW));
            stream.started(new AnswerStart("id_1", "m", 1, null));
            answer.blocks().stream().filter(block -> block.calls() == 0).forEach(block -> block.push(stream, 0, 0));
            stream.failed(error);
            AnswerCollector read = Codecs.read(client, Arrival.EVENTS, events.take());
            assertThat(read.answer()).isNull();
            assertThat(Objects.requireNonNull(read.error()).message()).isEqualTo("boom");
        }
    }

    @Provide
    Arbitrary<Answer> answers() {
        Arbitrary<Block> text = Combinators.combine(
                        pieces(),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of(true, false))
                .as(Text::new);
        Arbitrary<Block> thought = Combinators.combine(
                        pieces().optional(0.8).map(it -> it.orElse(List.of())), signatures())
                .as(Thought::new);
        Arbitrary<Block> call = Combinators.combine(
                        Arbitraries.of(ToolKind.FUNCTION, ToolKind.FUNCTION, ToolKind.CUSTOM), arguments())
                .as(Call::new);
        return Combinators.combine(
                        Arbitraries.frequencyOf(
                                        Tuple.of(5, text),
                                        Tuple.of(2, thought),
                                        Tuple.of(1, pieces().map(Refusal::new)),
                                        Tuple.of(1, signatures().map(Redacted::new)),
                                        Tuple.of(
                                                1,
                                                Arbitraries.of(WireFormat.RESPONSES)
                                                        .map(Native::new)),
                                        Tuple.of(3, call))
                                .list()
                                .ofMaxSize(6),
                        Arbitraries.of(FinishReason.STOP, FinishReason.STOP_SEQUENCE, FinishReason.LENGTH))
                .as((blocks, reason) -> new Answer(
                        refusalsLast(blocks),
                        blocks.stream().anyMatch(Refusal.class::isInstance) ? FinishReason.STOP : reason));
    }

    /** Where a refusal stands among the texts is not for every format to say. */
    private static List<Block> refusalsLast(List<Block> blocks) {
        List<Block> ordered = new ArrayList<>(blocks);
        ordered.sort(Comparator.comparing(Refusal.class::isInstance));
        if (ordered.stream().anyMatch(Refusal.class::isInstance)) {
            ordered.removeIf(Call.class::isInstance); // no model does both
        }
        return ordered;
    }

    private static Arbitrary<List<String>> pieces() {
        return Arbitraries.strings()
                .withChars("ab \n\"\\{é世😀")
                .ofMinLength(1)
                .ofMaxLength(6)
                .filter(piece -> piece.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF))
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    private static Arbitrary<Signature> signatures() {
        return Combinators.combine(
                        Arbitraries.of(WireFormat.values()),
                        Arbitraries.strings().alpha().ofMinLength(4).ofMaxLength(8))
                .as(Signature::new);
    }

    /** Objects, nothing, and what is no object, in one or two pieces. */
    private static Arbitrary<List<String>> arguments() {
        return Combinators.combine(
                        Arbitraries.of(
                                "",
                                "{}",
                                "null",
                                "[1]",
                                "\"x\"",
                                "NaN",
                                "{} {}",
                                "{\"a\":\"é}\"}",
                                "{\"a\":\"x",
                                " {\"b\":1.50}"),
                        Arbitraries.integers().between(0, 3))
                .as((text, at) -> text.isEmpty()
                        ? List.of()
                        : at == 0 || at >= text.length()
                                ? List.of(text)
                                : List.of(text.substring(0, at), text.substring(at)));
    }
}
