package io.plano.translate;

/**
 * Tells a stream of server-sent events from a document by how it begins. Servers label streams {@code application/json} or
 * {@code text/plain}, and errors {@code text/event-stream}; clients of their own do not look at the label.
 */
enum AnswerForm {
    EVENTS,
    DOCUMENT,
    /** It takes more bytes to tell. */
    UNKNOWN;

    /** How a line of an event stream begins (WHATWG HTML §9.2.5); a comment begins with the colon. */
    private static final String[] FIELDS = {"data:", "event:", "id:", "retry:", ":"};

    /** What an answer is that begins so; {@code bytes} are all that have come. */
    static AnswerForm of(byte[] bytes) {
        int start = firstNotBlank(bytes);
        AnswerForm form = start == bytes.length ? UNKNOWN : DOCUMENT;
        for (String field : FIELDS) {
            int same = 0;
            while (same < field.length() && start + same < bytes.length && bytes[start + same] == field.charAt(same)) {
                same++;
            }
            if (same == field.length()) {
                return EVENTS;
            } else if (start + same == bytes.length) {
                form = UNKNOWN;
            }
        }
        return form;
    }

    /** The first byte behind white space and the mark of UTF-8. */
    private static int firstNotBlank(byte[] bytes) {
        int start = 0;
        while (start < bytes.length && (bytes[start] == ' ' || isControl(bytes[start]) || isMark(bytes[start]))) {
            start++;
        }
        return start;
    }

    private static boolean isControl(byte octet) {
        return octet == '\r' || octet == '\n' || octet == '\t';
    }

    private static boolean isMark(byte octet) {
        return octet == (byte) 0xEF || octet == (byte) 0xBB || octet == (byte) 0xBF;
    }
}
