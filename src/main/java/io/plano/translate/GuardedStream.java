package io.plano.translate;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.ResponseStart;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.neutral.Usage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a decoder and an encoder: gives tools their own names and kinds back, lets exactly one end through and nothing
 * behind it, and keeps an answer that fails before it started from the encoder, since that one becomes a status.
 */
final class GuardedStream implements ChatStream {
    private final ChatStream target;
    private final Map<String, String> renamedTools;
    private final FreeTextCalls freeText;
    private boolean started;
    private boolean complete;
    private @Nullable UpstreamError error;

    GuardedStream(ChatStream target, EncodedRequest request) {
        this.target = target;
        this.renamedTools = request.renamedTools();
        this.freeText = new FreeTextCalls(request.customTools());
    }

    boolean isOver() {
        return complete || error != null;
    }

    boolean isComplete() {
        return complete;
    }

    @Nullable
    UpstreamError error() {
        return error;
    }

    @Override
    public void started(ResponseStart start) {
        if (!started && !isOver()) {
            started = true;
            target.started(start);
        }
    }

    @Override
    public void textDelta(String text) {
        target.textDelta(text);
    }

    @Override
    public void refusalDelta(String text) {
        target.refusalDelta(text);
    }

    @Override
    public void reasoningDelta(String text) {
        target.reasoningDelta(text);
    }

    @Override
    public void reasoningSigned(Signature signature) {
        target.reasoningSigned(signature);
    }

    @Override
    public void reasoningRedacted(Signature data) {
        target.reasoningRedacted(data);
    }

    @Override
    public void blockEnded() {
        target.blockEnded();
    }

    @Override
    public void toolCallStarted(int index, String id, String name, ToolKind kind) {
        ToolKind own = freeText.start(index, name) ? ToolKind.CUSTOM : kind;
        target.toolCallStarted(index, id, renamedTools.getOrDefault(name, name), own);
    }

    @Override
    public void toolArgumentsDelta(int index, String arguments) {
        if (!freeText.append(index, arguments)) {
            target.toolArgumentsDelta(index, arguments);
        }
    }

    @Override
    public void toolCallEnded(int index) {
        String text = freeText.end(index);
        if (text != null && !text.isEmpty()) {
            target.toolArgumentsDelta(index, text);
        }
        target.toolCallEnded(index);
    }

    @Override
    public void cited(Citation citation) {
        target.cited(citation);
    }

    @Override
    public void logprobs(JsonNode tokens) {
        target.logprobs(tokens);
    }

    @Override
    public void nativeBlock(WireFormat source, JsonNode block) {
        target.nativeBlock(source, block);
    }

    @Override
    public void ping() {
        if (started && !isOver()) {
            target.ping();
        }
    }

    @Override
    public void finished(Finish finish) {
        target.finished(finish);
    }

    @Override
    public void usage(Usage usage) {
        target.usage(usage);
    }

    @Override
    public void ended() {
        if (!isOver()) {
            freeText.open().forEach(this::toolCallEnded);
            target.ended();
            complete = true;
        }
    }

    @Override
    public void failed(UpstreamError cause) {
        if (!isOver()) {
            error = cause;
            if (started) {
                target.failed(cause);
            }
        }
    }
}
