package io.plano.http;

/**
 * An answer that the gateway gives itself.
 *
 * @param head with the exact length
 * @param body never changed after it was handed over
 */
public record WholeAnswer(ResponseHead head, byte[] body) {
    /** The same with these fields behind its own. */
    public WholeAnswer with(Headers fields) {
        if (fields.isEmpty()) {
            return this;
        }
        Headers.Builder all = head.headers().toBuilder();
        for (int i = 0; i < fields.size(); i++) {
            all.add(fields.name(i), fields.value(i));
        }
        return new WholeAnswer(new ResponseHead(head.status(), all.build(), head.length(), head.delivery()), body);
    }
}
