package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Part;
import java.util.ArrayList;
import java.util.List;

/** Pushes a whole answer as if it came in one piece a block. */
final class ResponsesReplay {
    private final ChatStream stream;
    private final List<Citation> citations;
    private int textEnd;
    private int calls;

    private ResponsesReplay(ChatStream stream, List<Citation> citations) {
        this.stream = stream;
        this.citations = new ArrayList<>(citations);
    }

    static void play(ChatAnswer response, ChatStream stream) {
        ResponsesReplay replay = new ResponsesReplay(stream, response.citations());
        stream.started(response.start());
        JsonNode tokens = response.logprobs();
        for (Part part : response.content()) {
            replay.part(part);
            if (tokens != null && part instanceof Part.Text) {
                stream.logprobs(tokens);
                tokens = null;
            }
            stream.blockEnded();
        }
        stream.finished(response.finish());
        stream.usage(response.usage());
        stream.ended();
    }

    private void part(Part part) {
        if (part instanceof Part.Text text) {
            text(text.text());
        } else if (part instanceof Part.Refusal refusal && !refusal.text().isEmpty()) {
            stream.refusalDelta(refusal.text());
        } else if (part instanceof Part.Thought thought) {
            thought(thought);
        } else if (part instanceof Part.RedactedThought redacted) {
            stream.reasoningRedacted(redacted.data());
        } else if (part instanceof Part.ToolCall call) {
            call(call);
        } else if (part instanceof Part.Native given) {
            stream.nativeBlock(given.source(), given.value());
        }
    }

    private void text(String text) {
        if (text.isEmpty()) {
            return;
        }
        stream.textDelta(text);
        textEnd += text.codePointCount(0, text.length());
        citations.removeIf(citation -> {
            boolean here = citation.start() < textEnd;
            if (here) {
                stream.cited(citation);
            }
            return here;
        });
    }

    private void thought(Part.Thought thought) {
        if (!thought.text().isEmpty()) {
            stream.reasoningDelta(thought.text());
        }
        if (thought.signature() != null) {
            stream.reasoningSigned(thought.signature());
        }
    }

    private void call(Part.ToolCall call) {
        int index = calls++;
        stream.toolCallStarted(index, call.id(), call.name(), call.kind());
        if (!call.arguments().isEmpty()) {
            stream.toolArgumentsDelta(index, call.arguments());
        }
        stream.toolCallEnded(index);
    }
}
