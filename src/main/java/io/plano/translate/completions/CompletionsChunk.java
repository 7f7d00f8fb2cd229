package io.plano.translate.completions;

import io.plano.translate.EventTemplate;
import io.plano.translate.JsonCursor;
import java.nio.charset.StandardCharsets;

/**
 * Recognises the usual chunk of a stream, and finds what it says without building a tree of it: one choice that goes on
 * with text, shown reasoning, or the arguments of a call. A chunk with anything else in it that could matter is left to
 * others: {@link #read} is false then, whether it is a rare one or no JSON at all. Reused for all chunks of a stream; one
 * thread.
 */
final class CompletionsChunk {
    private static final byte[] CHOICES = ascii("choices");
    private static final byte[] USAGE = ascii("usage");
    private static final byte[] ERROR = ascii("error");
    private static final byte[] TYPE = ascii("type");
    private static final byte[] OBJECT = ascii("object");
    private static final byte[] X_GROQ = ascii("x_groq");
    private static final byte[] INDEX = ascii("index");
    private static final byte[] DELTA = ascii("delta");
    private static final byte[] MESSAGE = ascii("message");
    private static final byte[] FINISH_REASON = ascii("finish_reason");
    private static final byte[] STOP_REASON = ascii("stop_reason");
    private static final byte[] LOGPROBS = ascii("logprobs");
    private static final byte[] CONTENT = ascii("content");
    private static final byte[] REASONING_CONTENT = ascii("reasoning_content");
    private static final byte[] REASONING = ascii("reasoning");
    private static final byte[] ROLE = ascii("role");
    private static final byte[] TOOL_CALLS = ascii("tool_calls");
    private static final byte[] FUNCTION = ascii("function");
    private static final byte[] ARGUMENTS = ascii("arguments");

    private final JsonCursor json = new JsonCursor();
    private final EventTemplate form = new EventTemplate();
    private int contentStart;
    private int contentEnd;
    private String content = "";
    private String reasoning = "";
    private String otherReasoning = "";
    private int callIndex;
    private String arguments = "";
    private boolean hasChoice;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether this is a usual chunk. What it says can be asked for until the next call. */
    boolean read(byte[] bytes, int offset, int length) {
        content = "";
        reasoning = "";
        otherReasoning = "";
        callIndex = -1;
        arguments = "";
        if (form.matches(bytes, offset, length)) {
            content = form.text();
            return true;
        }
        boolean usual = readMembers(bytes, offset, length);
        if (usual && contentStart >= 0 && reasoning().isEmpty() && callIndex < 0) {
            form.learn(bytes, offset, length, contentStart, contentEnd);
        }
        return usual;
    }

    private boolean readMembers(byte[] bytes, int offset, int length) {
        json.reset(bytes, offset, length);
        contentStart = -1;
        hasChoice = false;
        if (!json.take('{')) {
            return false;
        }
        do {
            if (!json.key() || !topMember()) {
                return false;
            }
        } while (json.take(','));
        return json.take('}') && json.isAtEnd() && hasChoice;
    }

    String content() {
        return content;
    }

    String reasoning() {
        return reasoning.isEmpty() ? otherReasoning : reasoning;
    }

    /** The call that {@link #arguments} belong to, or -1. */
    int callIndex() {
        return callIndex;
    }

    String arguments() {
        return arguments;
    }

    private boolean topMember() {
        if (json.isKey(CHOICES)) {
            boolean first = !hasChoice;
            hasChoice = true;
            return first && json.take('[') && choice() && json.take(']');
        } else if (json.isKey(USAGE) || json.isKey(ERROR)) {
            return json.takeNull();
        } else if (json.isKey(OBJECT)) {
            return json.string() && !json.isText(ERROR);
        }
        return !json.isKey(TYPE) && !json.isKey(X_GROQ) && json.skip();
    }

    private boolean choice() {
        if (!json.take('{')) {
            return false;
        }
        do {
            if (!json.key() || !choiceMember()) {
                return false;
            }
        } while (json.take(','));
        return json.take('}');
    }

    private boolean choiceMember() {
        if (json.isKey(DELTA)) {
            return delta();
        } else if (json.isKey(INDEX)) {
            return json.smallNumber() == 0;
        } else if (json.isKey(FINISH_REASON)
                || json.isKey(LOGPROBS)
                || json.isKey(STOP_REASON)
                || json.isKey(MESSAGE)
                || json.isKey(ERROR)) {
            return json.takeNull();
        }
        return json.skip();
    }

    private boolean delta() {
        if (!json.take('{')) {
            return false;
        } else if (json.take('}')) {
            return true;
        }
        do {
            if (!json.key() || !deltaMember()) {
                return false;
            }
        } while (json.take(','));
        return json.take('}');
    }

    private boolean deltaMember() {
        if (json.isKey(CONTENT)) {
            if (json.takeNull()) {
                return true;
            }
            return contentMember();
        } else if (json.isKey(REASONING_CONTENT)) {
            if (json.takeNull()) {
                return true;
            }
            boolean found = json.string();
            reasoning = found ? json.text() : "";
            return found;
        } else if (json.isKey(REASONING)) {
            if (json.takeNull()) {
                return true;
            }
            boolean found = json.string();
            otherReasoning = found ? json.text() : "";
            return found;
        } else if (json.isKey(ROLE)) {
            return json.skip();
        } else if (json.isKey(TOOL_CALLS)) {
            return json.takeNull() || json.takeEmptyArray() || (json.take('[') && call() && json.take(']'));
        }
        return json.takeNull() || json.takeEmptyArray();
    }

    private boolean contentMember() {
        boolean found = json.string();
        content = found ? json.text() : "";
        if (found && json.isPlain()) {
            contentStart = json.stringStart();
            contentEnd = json.stringEnd();
        }
        return found;
    }

    private boolean call() {
        if (!json.take('{')) {
            return false;
        }
        do {
            if (!json.key() || !callMember()) {
                return false;
            }
        } while (json.take(','));
        return json.take('}') && callIndex >= 0;
    }

    private boolean callMember() {
        if (json.isKey(INDEX)) {
            callIndex = json.smallNumber();
            return callIndex >= 0;
        } else if (json.isKey(FUNCTION)) {
            return function();
        } else if (json.isKey(TYPE)) {
            return json.takeNull() || (json.string() && json.isText(FUNCTION));
        }
        return json.takeNull();
    }

    private boolean function() {
        if (!json.take('{')) {
            return false;
        }
        do {
            if (!json.key()) {
                return false;
            } else if (json.isKey(ARGUMENTS)) {
                if (!json.string()) {
                    return false;
                }
                arguments = json.text();
            } else if (!json.takeNull()) {
                return false;
            }
        } while (json.take(','));
        return json.take('}');
    }
}
