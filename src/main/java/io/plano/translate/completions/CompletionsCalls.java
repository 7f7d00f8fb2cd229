package io.plano.translate.completions;

import io.plano.translate.JsonExtent;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.ToolNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts tool calls together from their pieces. OpenAI sends the id and the name first, then the arguments, one call after the
 * other. Others send the name in a later chunk, no id at all, all calls under the index 0, several calls in turns, or a
 * call in one piece. A call is passed on as soon as it has an id and a name; it has ended when another one starts and its
 * arguments are a whole JSON object, or with the answer. One per answer; one thread.
 */
final class CompletionsCalls {
    private static final int MAX_ID = 40;

    private final ChatStream answer;
    private final Map<Integer, Call> byIndex = new HashMap<>();
    private final List<Call> calls = new ArrayList<>();
    private int started;

    CompletionsCalls(ChatStream answer) {
        this.answer = answer;
    }

    private static final class Call {
        private String id = "";
        private String name = "";
        private ToolKind kind = ToolKind.FUNCTION;
        private final StringBuilder held = new StringBuilder();
        private final JsonExtent extent = new JsonExtent();
        private int number = -1;
        private boolean ended;
    }

    /** Whether a call has been passed on. */
    boolean hasStarted() {
        return started > 0;
    }

    /** Where a call without an index of its own belongs: a new place if it has an id or name, the latest otherwise. */
    int placeOf(String id, String name) {
        boolean isNew = !id.isEmpty() || !name.isEmpty();
        return isNew || calls.isEmpty() ? calls.size() : calls.size() - 1;
    }

    /** A piece of a call; empty texts say nothing. */
    void piece(int index, String id, String name, ToolKind kind, String arguments) {
        Call call = byIndex.get(index);
        if (call == null || isAnother(call, id, name, arguments)) {
            call = new Call();
            call.kind = kind;
            byIndex.put(index, call);
            calls.add(call);
        }
        call.extent.read(arguments);
        if (call.number < 0) {
            call.id = call.id.isEmpty() ? id : call.id;
            call.name = call.name.isEmpty() ? name : call.name;
            call.held.append(arguments);
            if (!call.id.isEmpty() && !call.name.isEmpty()) {
                start(call);
            }
        } else {
            passOn(call, arguments);
        }
    }

    /** Whether this begins another call at a place that is taken, rather than to go on with the one there. */
    private static boolean isAnother(Call call, String id, String name, String arguments) {
        if (name.isEmpty() || call.name.isEmpty()) {
            return false;
        } else if (!id.isEmpty() && !call.id.isEmpty()) {
            return !call.id.equals(id);
        }
        return call.extent.isComplete() && !arguments.isEmpty();
    }

    /** A piece of the arguments of a call. */
    void arguments(int index, String arguments) {
        Call call = byIndex.get(index);
        if (call != null && call.number >= 0) {
            call.extent.read(arguments);
            passOn(call, arguments);
        } else {
            piece(index, "", "", ToolKind.FUNCTION, arguments);
        }
    }

    private void passOn(Call call, String arguments) {
        if (!arguments.isEmpty() && !call.ended) {
            answer.toolArgumentsDelta(call.number, arguments);
        }
    }

    private void start(Call call) {
        for (Call other : calls) {
            if (other.number >= 0 && (other.kind == ToolKind.CUSTOM || other.extent.isComplete())) {
                end(other);
            }
        }
        call.number = started++;
        answer.toolCallStarted(call.number, call.id, call.name, call.kind);
        String held = call.held.toString();
        call.held.setLength(0);
        passOn(call, held);
    }

    private void end(Call call) {
        if (!call.ended) {
            call.ended = true;
            answer.toolCallEnded(call.number);
        }
    }

    /** Whether there is a call whose name never came. */
    boolean hasNameless() {
        return calls.stream().anyMatch(call -> call.name.isEmpty() && !call.held.isEmpty());
    }

    /**
     * Ends all calls. One that has no id gets one.
     *
     * @param answerId makes ids of different answers differ
     */
    void end(String answerId) {
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            if (call.number < 0 && !call.name.isEmpty()) {
                call.id = ToolNames.legal("call_" + i + "_" + answerId, MAX_ID);
                start(call);
            }
        }
        for (Call call : calls) {
            if (call.number >= 0) {
                end(call);
            }
        }
    }
}
