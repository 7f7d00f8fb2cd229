package io.plano.usage;

import io.plano.body.ByteSearch;
import org.jspecify.annotations.Nullable;

/**
 * Finds the counts in JSON documents that come in pieces, split anywhere (RFC 8259). It holds a name and a number, whatever
 * the size of the document. Not thread-safe.
 *
 * <h2>Three loops</h2>
 *
 * In the few objects that lead to the counts it follows the grammar byte by byte. What lies below any other member is passed
 * over from bracket to bracket, and text from quote to quote, several bytes to a step; depth is a number and costs no stack.
 *
 * <h2>What counts</h2>
 *
 * Only the members at their place: a member {@code usage} anywhere else is content. If a member comes twice, the last one
 * counts. A document that breaks the grammar where it is followed tells nothing from there on.
 */
final class JsonUsageReader implements UsageReader {
    private enum State {
        /** Before the outermost object. */
        START,
        KEY,
        IN_KEY,
        COLON,
        VALUE,
        IN_TEXT,
        IN_SCALAR,
        AFTER_VALUE,
        /** In an object or array of no interest. */
        BELOW,
        IN_TEXT_BELOW,
        /** Behind the outermost object, or in what is none. */
        DONE
    }

    private final AnswerUsage answer;
    private final @Nullable String wrapper;
    private final MemberKey key = new MemberKey();
    private final TokenNumber number = new TokenNumber();

    private State state = State.START;
    private UsagePlace place = UsagePlace.TOP;
    /** What {@code usage} lies in. */
    private UsagePlace around = UsagePlace.TOP;
    /** Where the value of the latest member leads to, if it is an object. */
    private @Nullable UsagePlace next;
    /** What the value of the latest member counts, if it is a number. */
    private @Nullable UsageCount counted;

    private int depthBelow;
    private boolean escaped;

    /**
     * @param wrapper the member of the outermost object that may hold {@code usage} too; null if none may
     */
    JsonUsageReader(AnswerUsage answer, @Nullable String wrapper) {
        this.answer = answer;
        this.wrapper = wrapper;
    }

    /** Another document follows, whether or not the last one was complete. */
    void begin() {
        if (place != UsagePlace.TOP && place != UsagePlace.WRAPPER) {
            answer.at(around).clear(); // it broke off
        }
        answer.begin();
        state = State.START;
        place = UsagePlace.TOP;
        escaped = false;
    }

    @Override
    public void accept(byte[] bytes, int from, int to) {
        int index = from;
        while (index < to && state != State.DONE) {
            index = switch (state) {
                case IN_KEY, IN_TEXT, IN_TEXT_BELOW -> text(bytes, index, to);
                case IN_SCALAR -> scalar(bytes, index, to);
                case BELOW -> below(bytes, index, to);
                default -> token(bytes[index], index);
            };
        }
    }

    /** Goes on in a string; returns the index behind its closing quote, or {@code to}. */
    private int text(byte[] bytes, int from, int to) {
        int index = escaped ? from + 1 : from;
        escaped = false;
        while (true) {
            int stop = ByteSearch.indexOfStringStop(bytes, index, to);
            if (state == State.IN_KEY) {
                key.add(bytes, index, stop);
            }
            if (stop == to) {
                return to;
            }
            if (bytes[stop] == '"') {
                textEnded();
                return stop + 1;
            }
            if (bytes[stop] != '\\') {
                state = State.DONE;
                return to;
            }
            key.spoil();
            escaped = stop + 1 == to;
            if (escaped) {
                return to;
            }
            index = stop + 2;
        }
    }

    private void textEnded() {
        switch (state) {
            case IN_KEY -> {
                memberBegins();
                state = State.COLON;
            }
            case IN_TEXT -> state = State.AFTER_VALUE;
            default -> state = State.BELOW;
        }
    }

    /** Finds out what the member's value may be, and forgets what the same member said before. */
    private void memberBegins() {
        next = null;
        counted = null;
        switch (place) {
            case TOP -> {
                if (key.is("usage")) {
                    usageBegins();
                } else if (wrapper != null && key.is(wrapper)) {
                    next = UsagePlace.WRAPPER;
                    forget(UsagePlace.WRAPPER);
                }
            }
            case WRAPPER -> {
                if (key.is("usage")) {
                    usageBegins();
                }
            }
            case USAGE -> {
                next = UsagePlace.details(key);
                if (next != null) {
                    answer.at(around).clear(next);
                }
                counted = UsageCount.of(place, key);
            }
            default -> counted = UsageCount.of(place, key);
        }
        if (counted != null) {
            answer.at(around).put(counted, TokenUsage.UNKNOWN);
        }
    }

    private void usageBegins() {
        next = UsagePlace.USAGE;
        around = place;
        forget(place);
    }

    private void forget(UsagePlace holder) {
        UsageCounts counts = answer.at(holder);
        if (counts.isTold()) {
            counts.clear();
            answer.changed();
        }
    }

    /** Goes on in a number, or in true, false or null; returns the index behind it, or {@code to}. */
    private int scalar(byte[] bytes, int from, int to) {
        int index = from;
        while (index < to && !endsScalar(bytes[index])) {
            if (counted != null) {
                number.add(bytes[index]);
            }
            index++;
        }
        if (index < to) {
            if (counted != null) {
                answer.at(around).put(counted, number.count());
            }
            state = State.AFTER_VALUE;
        }
        return index;
    }

    private static boolean endsScalar(byte octet) {
        return octet == ',' || octet == '}' || octet == ']' || isBlank(octet);
    }

    /** Goes on below a member of no interest; returns the index behind it, that of a string's text, or {@code to}. */
    private int below(byte[] bytes, int from, int to) {
        int depth = depthBelow;
        int index = ByteSearch.indexOfStructure(bytes, from, to);
        while (index < to) {
            byte octet = bytes[index++];
            if (octet == '"') {
                int stop = ByteSearch.indexOfStringStop(bytes, index, to);
                if (stop == to || bytes[stop] != '"') {
                    state = State.IN_TEXT_BELOW;
                    break;
                }
                index = stop + 1;
            } else if (octet == '{' || octet == '[') {
                depth++;
            } else if (--depth == 0) {
                state = State.AFTER_VALUE;
                break;
            }
            index = ByteSearch.indexOfStructure(bytes, index, to);
        }
        depthBelow = depth;
        return index;
    }

    /** One byte of the grammar; returns the index of the next one to be read. */
    private int token(byte octet, int index) {
        if (isBlank(octet)) {
            return index + 1;
        }
        switch (state) {
            case START -> state = octet == '{' ? State.KEY : isByteOrderMark(octet) ? State.START : State.DONE;
            case KEY -> keyBegins(octet);
            case COLON -> state = octet == ':' ? State.VALUE : State.DONE;
            case VALUE -> {
                return valueBegins(octet, index);
            }
            default -> valueEnded(octet);
        }
        return index + 1;
    }

    private void keyBegins(byte octet) {
        if (octet == '"') {
            key.clear();
            state = State.IN_KEY;
        } else {
            objectEnds(octet);
        }
    }

    private int valueBegins(byte octet, int index) {
        if (octet == '"') {
            state = State.IN_TEXT;
        } else if (octet == '{' && next != null) {
            place = next;
            state = State.KEY;
        } else if (octet == '{' || octet == '[') {
            depthBelow = 1;
            state = State.BELOW;
        } else {
            number.clear();
            state = endsScalar(octet) || octet == ':' ? State.DONE : State.IN_SCALAR;
            return index;
        }
        return index + 1;
    }

    private void valueEnded(byte octet) {
        if (octet == ',') {
            state = State.KEY;
        } else {
            objectEnds(octet);
        }
    }

    private void objectEnds(byte octet) {
        if (octet != '}') {
            state = State.DONE;
            return;
        }
        state = State.AFTER_VALUE;
        switch (place) {
            case TOP -> state = State.DONE;
            case WRAPPER -> place = UsagePlace.TOP;
            case USAGE -> {
                place = around;
                answer.changed();
            }
            default -> place = UsagePlace.USAGE;
        }
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\n' || octet == '\r' || octet == '\t';
    }

    /** Some servers of Windows start with one (RFC 8259 §8.1 lets readers ignore it). */
    private static boolean isByteOrderMark(byte octet) {
        return octet == (byte) 0xEF || octet == (byte) 0xBB || octet == (byte) 0xBF;
    }
}
