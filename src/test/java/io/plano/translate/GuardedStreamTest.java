package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.WireFormat;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.neutral.Usage;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever a decoder does, the encoder behind gets one beginning, one end, and nothing behind it. */
class GuardedStreamTest {
    private static final AnswerStart START = new AnswerStart("id", "m", 1, null);
    private static final UpstreamError ERROR = new UpstreamError(500, null, null, "It broke.", null, null);

    private final List<String> calls = new ArrayList<>();
    private final ChatStream recorder = (ChatStream) Proxy.newProxyInstance(
            ChatStream.class.getClassLoader(), new Class<?>[] {ChatStream.class}, (proxy, method, arguments) -> {
                calls.add(arguments == null ? method.getName() : method.getName() + " " + List.of(arguments));
                return null;
            });
    private final GuardedStream stream = new GuardedStream(
            recorder, new EncodedRequest(new byte[0], Set.of(), Map.of("short_1", "a.long.name"), Set.of("short_1")));

    @Test
    void passesEverythingOnInItsOrder() {
        stream.started(START);
        stream.reasoningDelta("Hm");
        stream.reasoningSigned(new Signature(WireFormat.MESSAGES, "s"));
        stream.textDelta("Hi");
        stream.blockEnded();
        stream.refusalDelta("No");
        stream.toolCallStarted(0, "c", "f", ToolKind.FUNCTION);
        stream.toolArgumentsDelta(0, "{}");
        stream.toolCallEnded(0);
        stream.finished(new Finish(FinishReason.STOP));
        stream.usage(Usage.NOTHING_KNOWN);
        stream.ended();

        assertThat(calls)
                .extracting(call -> call.split(" ")[0])
                .containsExactly(
                        "started",
                        "reasoningDelta",
                        "reasoningSigned",
                        "textDelta",
                        "blockEnded",
                        "refusalDelta",
                        "toolCallStarted",
                        "toolArgumentsDelta",
                        "toolCallEnded",
                        "finished",
                        "usage",
                        "ended");
        assertThat(stream.isComplete()).isTrue();
        assertThat(stream.error()).isNull();
    }

    @Test
    void givesToolsTheirOwnNamesAndKindsBack() {
        stream.started(START);
        stream.toolCallStarted(0, "c", "short_1", ToolKind.FUNCTION);
        stream.toolCallStarted(1, "d", "other", ToolKind.FUNCTION);
        stream.toolArgumentsDelta(0, "{\"input\":");
        stream.toolArgumentsDelta(1, "{}");
        stream.toolArgumentsDelta(0, "\"free\\ntext\"}");
        stream.toolCallEnded(1);
        stream.toolCallEnded(0);
        assertThat(calls)
                .containsExactly(
                        "started [" + START + "]",
                        "toolCallStarted [0, c, a.long.name, CUSTOM]",
                        "toolCallStarted [1, d, other, FUNCTION]",
                        "toolArgumentsDelta [1, {}]",
                        "toolCallEnded [1]",
                        "toolArgumentsDelta [0, free\ntext]",
                        "toolCallEnded [0]");
    }

    @Test
    void startsOnce() {
        stream.started(START);
        stream.started(START);
        assertThat(calls).hasSize(1);
    }

    @Test
    void keepsAFailureBeforeTheStartToItself() {
        stream.failed(ERROR);
        assertThat(calls).isEmpty();
        assertThat(stream.error()).isEqualTo(ERROR);
        assertThat(stream.isOver()).isTrue();
        assertThat(stream.isComplete()).isFalse();
    }

    @Test
    void tellsOfAFailureAfterTheStart() {
        stream.started(START);
        stream.failed(ERROR);
        assertThat(calls).hasSize(2);
        assertThat(stream.error()).isEqualTo(ERROR);
    }

    @Test
    void letsOneEndThrough() {
        stream.started(START);
        stream.ended();
        stream.ended();
        stream.failed(ERROR);
        assertThat(calls).containsExactly("started [" + START + "]", "ended");
        assertThat(stream.isComplete()).isTrue();
        assertThat(stream.error()).isNull();
    }

    @Test
    void letsOneFailureThrough() {
        stream.started(START);
        stream.failed(ERROR);
        stream.failed(new UpstreamError(502, null, null, "Again.", null, null));
        stream.ended();
        assertThat(calls).hasSize(2);
        assertThat(stream.error()).isEqualTo(ERROR);
        assertThat(stream.isComplete()).isFalse();
    }

    @Test
    void letsNothingThroughBehindTheEnd() {
        stream.started(START);
        stream.ended();
        calls.clear();
        stream.started(START);
        stream.textDelta("late");
        stream.refusalDelta("late");
        stream.reasoningDelta("late");
        stream.reasoningSigned(new Signature(WireFormat.COMPLETIONS, "late"));
        stream.reasoningRedacted(new Signature(WireFormat.COMPLETIONS, "late"));
        stream.blockEnded();
        stream.toolCallStarted(0, "late", "late", ToolKind.FUNCTION);
        stream.toolArgumentsDelta(0, "late");
        stream.toolCallEnded(0);
        stream.logprobs(Json.nodes().arrayNode());
        stream.nativeBlock(WireFormat.COMPLETIONS, Json.nodes().objectNode());
        stream.ping();
        stream.finished(new Finish(FinishReason.STOP));
        stream.usage(Usage.NOTHING_KNOWN);
        assertThat(calls).isEmpty();
    }

    @Test
    void pingsOnlyWhileTheAnswerIsComing() {
        stream.ping();
        stream.started(START);
        stream.ping();
        stream.ended();
        stream.ping();
        assertThat(calls).containsExactly("started [" + START + "]", "ping", "ended");
    }
}
