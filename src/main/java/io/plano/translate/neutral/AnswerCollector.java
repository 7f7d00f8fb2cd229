package io.plano.translate.neutral;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.plano.provider.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes a whole answer of a pushed one. One thread at a time. */
public final class AnswerCollector extends SingleAnswerStream {
    private enum Kind {
        NONE,
        TEXT,
        REFUSAL,
        THOUGHT
    }

    /** A call that may still get arguments; its place in the content is where it started. */
    private record OpenCall(int place, String id, String name, ToolKind kind, StringBuilder arguments) {}

    private final List<@Nullable Part> content = new ArrayList<>();
    private final TreeMap<Integer, OpenCall> calls = new TreeMap<>();
    private final List<Citation> citations = new ArrayList<>();
    private final List<Citation> citationsOfBlock = new ArrayList<>();
    private final StringBuilder block = new StringBuilder();
    private Kind open = Kind.NONE;
    private int textLength;

    private @Nullable ArrayNode logprobs;
    private AnswerStart start = new AnswerStart("", "", 0, null);
    private @Nullable Finish finish;
    private Usage usage = Usage.NOTHING_KNOWN;
    private @Nullable UpstreamError error;

    /** The answer, or null where it has not ended or failed. */
    public @Nullable ChatAnswer answer() {
        Finish how = finish;
        if (how == null) {
            return null;
        }
        List<Part> parts = new ArrayList<>(content.size());
        List<OpenCall> started = new ArrayList<>(calls.values());
        for (int place = 0; place < content.size(); place++) {
            Part part = content.get(place);
            parts.add(part != null ? part : callAt(started, place));
        }
        return new ChatAnswer(start, parts, citations, logprobs, how, usage);
    }

    private static Part callAt(List<OpenCall> started, int place) {
        for (OpenCall call : started) {
            if (call.place() == place) {
                return new Part.ToolCall(
                        call.id(), call.name(), call.kind(), call.arguments().toString(), Extras.NONE);
            }
        }
        throw new IllegalStateException("a place without a part");
    }

    /** Why there will be no answer, or null. */
    public @Nullable UpstreamError error() {
        return error;
    }

    @Override
    protected void begin(AnswerStart responseStart) {
        start = responseStart;
    }

    @Override
    public void textDelta(String text) {
        append(Kind.TEXT, text);
        textLength += text.codePointCount(0, text.length());
    }

    @Override
    public void refusalDelta(String text) {
        append(Kind.REFUSAL, text);
    }

    @Override
    public void reasoningDelta(String text) {
        append(Kind.THOUGHT, text);
    }

    private void append(Kind kind, String text) {
        if (open != kind) {
            blockEnded();
            open = kind;
        }
        block.append(text);
    }

    @Override
    public void reasoningSigned(Signature signature) {
        if (open != Kind.THOUGHT) {
            blockEnded();
        }
        content.add(new Part.Thought(block.toString(), signature, Extras.NONE));
        block.setLength(0);
        open = Kind.NONE;
    }

    @Override
    public void reasoningRedacted(Signature data) {
        blockEnded();
        content.add(new Part.RedactedThought(data, Extras.NONE));
    }

    @Override
    public void blockEnded() {
        String text = block.toString();
        switch (open) {
            case TEXT -> {
                content.add(new Part.Text(text));
                placeCitations(text);
            }
            case REFUSAL -> content.add(new Part.Refusal(text, Extras.NONE));
            case THOUGHT -> content.add(new Part.Thought(text, null, Extras.NONE));
            case NONE -> {}
        }
        block.setLength(0);
        open = Kind.NONE;
    }

    private void placeCitations(String text) {
        int from = textLength - text.codePointCount(0, text.length());
        for (Citation citation : citationsOfBlock) {
            citations.add(new Citation(
                    citation.source(), citation.value(), citation.url(), citation.title(), from, textLength));
        }
        citationsOfBlock.clear();
    }

    @Override
    public void toolCallStarted(int index, String id, String name, ToolKind kind) {
        blockEnded();
        calls.put(index, new OpenCall(content.size(), id, name, kind, new StringBuilder()));
        content.add(null);
    }

    @Override
    public void toolArgumentsDelta(int index, String arguments) {
        OpenCall call = calls.get(index);
        if (call == null) {
            throw new IllegalStateException("arguments for a call that has not started");
        }
        call.arguments().append(arguments);
    }

    @Override
    public void toolCallEnded(int index) {
        // A call's text is read at the end of the answer.
    }

    @Override
    public void cited(Citation citation) {
        if (citation.start() < 0) {
            citationsOfBlock.add(citation);
        } else {
            citations.add(citation);
        }
    }

    @Override
    public void logprobs(JsonNode tokens) {
        ArrayNode all = logprobs == null ? JsonNodeFactory.instance.arrayNode() : logprobs;
        logprobs = all;
        tokens.forEach(all::add);
    }

    @Override
    public void nativeBlock(WireFormat source, JsonNode value) {
        blockEnded();
        content.add(new Part.Native(source, value, Loss.DROP));
    }

    @Override
    protected void stayAlive() {
        // Nobody waits for a document in pieces.
    }

    @Override
    protected void end(Finish how, Usage cost) {
        blockEnded();
        finish = how;
        usage = cost;
    }

    @Override
    protected void fail(UpstreamError cause, Usage cost) {
        error = cause;
    }
}
