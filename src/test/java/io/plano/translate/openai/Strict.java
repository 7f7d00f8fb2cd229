package io.plano.translate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.UpstreamError;
import io.plano.translate.neutral.Usage;
import java.util.BitSet;

/** Passes on what it hears, and fails where the order is not the one that {@link ChatStream} promises. */
public final class Strict implements ChatStream {
    private final ChatStream next;
    private final BitSet open = new BitSet();
    private int calls;
    private boolean started;
    private boolean finished;
    private boolean over;

    public Strict(ChatStream next) {
        this.next = next;
    }

    public boolean isOver() {
        return over;
    }

    private void content(String text) {
        check(started, "content before the start");
        check(!finished, "content behind the finish");
        check(!over, "content behind the end");
        check(!text.isEmpty(), "an empty piece");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    @Override
    public void started(AnswerStart start) {
        check(!started && !over, "started twice");
        started = true;
        next.started(start);
    }

    @Override
    public void textDelta(String text) {
        content(text);
        next.textDelta(text);
    }

    @Override
    public void refusalDelta(String text) {
        content(text);
        next.refusalDelta(text);
    }

    @Override
    public void reasoningDelta(String text) {
        content(text);
        next.reasoningDelta(text);
    }

    @Override
    public void reasoningSigned(Signature signature) {
        content(signature.value());
        next.reasoningSigned(signature);
    }

    @Override
    public void reasoningRedacted(Signature data) {
        content(data.value());
        next.reasoningRedacted(data);
    }

    @Override
    public void blockEnded() {
        content("-");
        next.blockEnded();
    }

    @Override
    public void toolCallStarted(int index, String id, String name, ToolKind kind) {
        content(id);
        content(name);
        check(index == calls, "calls out of order");
        calls++;
        open.set(index);
        next.toolCallStarted(index, id, name, kind);
    }

    @Override
    public void toolArgumentsDelta(int index, String arguments) {
        content(arguments);
        check(open.get(index), "arguments of a call that is not open");
        next.toolArgumentsDelta(index, arguments);
    }

    @Override
    public void toolCallEnded(int index) {
        content("-");
        check(open.get(index), "the end of a call that is not open");
        open.clear(index);
        next.toolCallEnded(index);
    }

    @Override
    public void cited(Citation citation) {
        content("-");
        next.cited(citation);
    }

    @Override
    public void logprobs(JsonNode tokens) {
        content("-");
        next.logprobs(tokens);
    }

    @Override
    public void nativeBlock(WireFormat source, JsonNode block) {
        content("-");
        next.nativeBlock(source, block);
    }

    @Override
    public void ping() {
        check(!over, "a ping behind the end");
        next.ping();
    }

    @Override
    public void finished(Finish finish) {
        check(started && !over, "finished out of order");
        finished = true;
        next.finished(finish);
    }

    @Override
    public void usage(Usage usage) {
        check(started && !over, "usage out of order");
        next.usage(usage);
    }

    @Override
    public void ended() {
        check(finished && !over && open.isEmpty(), "ended out of order");
        over = true;
        next.ended();
    }

    @Override
    public void failed(UpstreamError error) {
        check(!over, "failed behind the end");
        over = true;
        next.failed(error);
    }
}
