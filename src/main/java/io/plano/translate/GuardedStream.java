package io.plano.translate;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.neutral.Usage;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a decoder and an encoder: gives tools their own names and kinds back, lets exactly one end through and nothing
 * behind it, and keeps an answer that fails before it started from the encoder, since that one becomes a status.
 */
final class GuardedStream implements ChatStream {
    /** A part of an answer, without its text. */
    private static final int PER_PART = 100;

    private final ChatStream target;
    private final String provider;
    private final UnaryOperator<String> errorText;
    private final Map<String, String> renamedTools;
    private final FreeTextCalls freeText;
    private final AnswerTool answerTool;
    private final StopSequences stops;
    private long passed;
    private boolean started;
    private boolean complete;
    private @Nullable UpstreamError error;

    GuardedStream(ChatStream target, EncodedRequest request) {
        this(target, request, "", UnaryOperator.identity());
    }

    /**
     * @param provider the id of the provider
     * @param errorText what the client may see of a provider's words in an error
     */
    GuardedStream(ChatStream target, EncodedRequest request, String provider, UnaryOperator<String> errorText) {
        this.target = target;
        this.provider = provider;
        this.errorText = errorText;
        this.renamedTools = request.renamedTools();
        this.freeText = new FreeTextCalls(request.customTools());
        this.answerTool = new AnswerTool(request.answerTool());
        this.stops = new StopSequences(request.stops());
    }

    /**
     * How much memory that takes which has passed, where it is kept: a byte for every character of text, and more for JSON.
     * Text that may be read as JSON counts as if it had been.
     */
    long passed() {
        return passed;
    }

    boolean isOver() {
        return complete || error != null;
    }

    /** Whether the answer has come to one of the texts at which it is to end, whatever the provider goes on to say. */
    boolean isCut() {
        return stops.reached() != null;
    }

    /** Whether content still goes on; what was held of a text goes first, unless it is text that follows. */
    private boolean passes() {
        if (isOver() || isCut()) {
            return false;
        }
        if (!stops.isEmpty()) {
            String rest = stops.rest();
            if (!rest.isEmpty()) {
                target.textDelta(rest);
            }
        }
        return true;
    }

    boolean isComplete() {
        return complete;
    }

    @Nullable
    UpstreamError error() {
        return error;
    }

    @Override
    public void started(AnswerStart start) {
        if (!started && !isOver()) {
            started = true;
            target.started(start);
        }
    }

    @Override
    public void textDelta(String text) {
        if (isOver()) {
            return;
        }
        passed += text.length();
        String passing = stops.isEmpty() ? text : stops.append(text);
        if (!passing.isEmpty()) {
            target.textDelta(passing);
        }
    }

    @Override
    public void refusalDelta(String text) {
        if (passes()) {
            passed += text.length();
            target.refusalDelta(text);
        }
    }

    @Override
    public void reasoningDelta(String text) {
        if (passes()) {
            passed += text.length();
            target.reasoningDelta(text);
        }
    }

    @Override
    public void reasoningSigned(Signature signature) {
        if (passes()) {
            passed += signature.value().length();
            target.reasoningSigned(signature.ofProvider(provider));
        }
    }

    @Override
    public void reasoningRedacted(Signature data) {
        if (passes()) {
            passed += data.value().length();
            target.reasoningRedacted(data);
        }
    }

    @Override
    public void blockEnded() {
        if (passes()) {
            passed += PER_PART;
            target.blockEnded();
        }
    }

    @Override
    public void toolCallStarted(int index, String id, String name, ToolKind kind) {
        if (passes() && !answerTool.starts(index, name)) {
            ToolKind own = freeText.start(index, name) ? ToolKind.CUSTOM : kind;
            passed += PER_PART;
            target.toolCallStarted(index, id, renamedTools.getOrDefault(name, name), own);
        }
    }

    @Override
    public void toolArgumentsDelta(int index, String arguments) {
        if (isOver() || isCut()) {
            return;
        }
        passed += JsonWeight.ofText(arguments);
        if (answerTool.is(index)) {
            target.textDelta(arguments);
        } else if (!freeText.append(index, arguments)) {
            target.toolArgumentsDelta(index, arguments);
        }
    }

    @Override
    public void toolCallEnded(int index) {
        if (isOver() || isCut()) {
            return;
        }
        if (answerTool.is(index)) {
            target.blockEnded();
            return;
        }
        String text = freeText.end(index);
        if (text != null && !text.isEmpty()) {
            target.toolArgumentsDelta(index, text);
        }
        target.toolCallEnded(index);
    }

    @Override
    public void cited(Citation citation) {
        if (!isOver() && !isCut()) {
            passed += PER_PART;
            target.cited(citation);
        }
    }

    @Override
    public void logprobs(JsonNode tokens) {
        if (!isOver() && !isCut()) {
            passed += JsonWeight.ofTree(tokens);
            target.logprobs(tokens);
        }
    }

    @Override
    public void nativeBlock(WireFormat source, JsonNode block) {
        if (passes()) {
            passed += JsonWeight.ofTree(block);
            target.nativeBlock(source, block);
        }
    }

    @Override
    public void ping() {
        if (started && !isOver()) {
            target.ping();
        }
    }

    @Override
    public void finished(Finish finish) {
        if (!isOver()) {
            String stop = stops.reached();
            target.finished(stop == null ? answerTool.finish(finish) : new Finish(FinishReason.STOP_SEQUENCE, stop));
        }
    }

    @Override
    public void usage(Usage usage) {
        if (!isOver()) {
            target.usage(usage);
        }
    }

    @Override
    public void ended() {
        if (!isOver()) {
            if (passes()) {
                freeText.open().forEach(this::toolCallEnded);
            } else {
                finished(new Finish(FinishReason.STOP));
            }
            target.ended();
            complete = true;
        }
    }

    @Override
    public void failed(UpstreamError cause) {
        if (!isOver()) {
            UpstreamError shown = cause.with(errorText);
            error = shown;
            if (started) {
                target.failed(shown);
            }
        }
    }
}
