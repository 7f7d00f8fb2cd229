package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.WireFormat;
import io.plano.translate.Translation.Arrival;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Whatever answer is pushed, every format reads back what it wrote, as a stream and whole, and so does its library. */
class StreamRoundTripPropertyTest {
    /** A stretch of an answer. */
    private sealed interface Block {
        void push(ChatStream answer, int firstCall);

        record Text(List<String> pieces) implements Block {
            @Override
            public void push(ChatStream answer, int firstCall) {
                pieces.forEach(answer::textDelta);
                answer.blockEnded();
            }
        }

        record Thought(List<String> pieces, @Nullable Signature signature) implements Block {
            @Override
            public void push(ChatStream answer, int firstCall) {
                pieces.forEach(answer::reasoningDelta);
                if (signature == null) {
                    answer.blockEnded();
                } else {
                    answer.reasoningSigned(signature);
                }
            }
        }

        record Redacted(Signature data) implements Block {
            @Override
            public void push(ChatStream answer, int firstCall) {
                answer.reasoningRedacted(data);
            }
        }

        /** Calls that are open at once, their pieces taking turns. */
        record Calls(List<List<String>> arguments) implements Block {
            @Override
            public void push(ChatStream answer, int firstCall) {
                for (int i = 0; i < arguments.size(); i++) {
                    int index = firstCall + i;
                    answer.toolCallStarted(index, "call_" + index, "tool_" + i, ToolKind.FUNCTION);
                }
                for (int piece = 0; piece < 8; piece++) {
                    for (int i = 0; i < arguments.size(); i++) {
                        if (piece < arguments.get(i).size()) {
                            answer.toolArgumentsDelta(
                                    firstCall + i, arguments.get(i).get(piece));
                        }
                    }
                }
                for (int i = arguments.size() - 1; i >= 0; i--) {
                    answer.toolCallEnded(firstCall + i);
                }
            }
        }
    }

    /** An answer that obeys the contract of {@link ChatStream}. */
    record Answer(List<Block> blocks, FinishReason reason, Usage usage, boolean usageFirst) {
        void push(ChatStream target) {
            ChatStream answer = OrderlyStream.before(target);
            answer.started(new AnswerStart("id_1", "model-1", 1_700_000_000, null));
            int calls = 0;
            for (Block block : blocks) {
                block.push(answer, calls);
                calls += block instanceof Block.Calls some ? some.arguments().size() : 0;
                answer.ping();
            }
            if (usageFirst) {
                answer.usage(usage);
            }
            answer.finished(new Finish(calls > 0 && reason != FinishReason.LENGTH ? FinishReason.TOOL_CALLS : reason));
            answer.usage(usage);
            answer.ended();
        }

        AnswerGist gist() {
            AnswerCollector collector = new AnswerCollector();
            push(collector);
            return AnswerGist.of(Objects.requireNonNull(collector.answer()));
        }
    }

    @Property(tries = 400, shrinking = ShrinkingMode.BOUNDED)
    void readsBackTheStreamThatItWrote(@ForAll("answers") Answer answer, @ForAll WireFormat format) throws Exception {
        EventBuffer events = new EventBuffer();
        answer.push(Codecs.of(format).encodeStream(Framing.sse().writer(events), context(format, Arrival.EVENTS)));
        byte[] stream = events.take();
        assertThat(AnswerGist.of(Codecs.readWhole(format, Arrival.EVENTS, stream)))
                .isEqualTo(answer.gist().in(format));
        assertThat(SdkReader.of(format).stream(stream).withPlainNumbers())
                .isEqualTo(answer.gist().in(format).withPlainNumbers());
    }

    @Property(tries = 400, shrinking = ShrinkingMode.BOUNDED)
    void readsBackTheDocumentThatItWrote(@ForAll("answers") Answer answer, @ForAll WireFormat format) throws Exception {
        AnswerCollector collector = new AnswerCollector();
        answer.push(collector);
        ChatAnswer response = Objects.requireNonNull(collector.answer());
        byte[] document = Codecs.of(format).encodeAnswer(response, context(format, Arrival.DOCUMENT));
        assertThat(AnswerGist.of(Codecs.readWhole(format, Arrival.DOCUMENT, document)))
                .isEqualTo(answer.gist().in(format));
        assertThat(SdkReader.of(format).whole(document).withPlainNumbers())
                .isEqualTo(answer.gist().in(format).withPlainNumbers());
    }

    private static AnswerContext context(WireFormat format, Arrival delivery) {
        return new AnswerContext(Codecs.plainRequest(format, delivery), Codecs.REQUEST_ID, Codecs.NOW);
    }

    @Provide
    Arbitrary<Answer> answers() {
        Arbitrary<List<Block>> blocks = Arbitraries.<Block>frequencyOf(
                        Tuple.of(4, pieces().map(Block.Text::new)),
                        Tuple.of(
                                2,
                                Combinators.combine(pieces(), signature().injectNull(0.4))
                                        .as(Block.Thought::new)),
                        Tuple.of(1, signature().map(Block.Redacted::new)),
                        Tuple.of(3, arguments().list().ofMinSize(1).ofMaxSize(3).map(Block.Calls::new)))
                .list()
                .ofMaxSize(6);
        return Combinators.combine(
                        blocks,
                        Arbitraries.of(
                                FinishReason.STOP,
                                FinishReason.STOP_SEQUENCE,
                                FinishReason.LENGTH,
                                FinishReason.CONTEXT_FULL),
                        usage(),
                        Arbitraries.of(true, false))
                .as(Answer::new);
    }

    private static Arbitrary<List<String>> pieces() {
        return Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(20)
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
    }

    private static Arbitrary<Signature> signature() {
        return Combinators.combine(
                        Arbitraries.of(WireFormat.values()),
                        Arbitraries.strings().alpha().ofMinLength(4))
                .as(Signature::new);
    }

    /** JSON in pieces. */
    private static Arbitrary<List<String>> arguments() {
        Arbitrary<String> json = Combinators.combine(
                        Arbitraries.strings().ofMaxLength(10),
                        Arbitraries.of("1", "1.50", "12345678901234567890", "null", "[{}]", "{\"b\":1,\"a\":2}"))
                .as((text, value) -> Json.compact(Json.nodes().objectNode().put("text", text))
                        .replaceAll("}$", ",\"value\":" + value + "}"));
        return Combinators.combine(json, Arbitraries.integers().between(1, 30)).as((text, size) -> {
            List<String> pieces = new ArrayList<>();
            for (int i = 0; i < text.length() && pieces.size() < 7; i += size) {
                pieces.add(text.substring(i, pieces.size() == 6 ? text.length() : Math.min(text.length(), i + size)));
            }
            return pieces;
        });
    }

    private static Arbitrary<Usage> usage() {
        Arbitrary<Integer> tokens = Arbitraries.integers().between(0, 1_000_000);
        return Combinators.combine(tokens, tokens, tokens, tokens, tokens)
                .as((fresh, read, write, text, thought) ->
                        new Usage((long) fresh + read + write, read, write, (long) text + thought, thought));
    }
}
