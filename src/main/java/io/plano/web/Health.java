package io.plano.web;

import io.plano.failure.Vitals;
import io.plano.translate.JsonText;

/**
 * What {@code /healthz} says: whether the process can go on, and nothing of how loaded it is. Whoever starts processes again
 * that do not answer 200 would otherwise end this one in the middle of its work.
 *
 * @param status 200, or 503 if a thread is lost without which the gateway cannot serve
 * @param body a JSON document, the caller's own
 */
public record Health(int status, byte[] body) {
    public static final String PATH = "/healthz";

    /** What there is to say now. Any thread. */
    public static Health of(Vitals vitals) {
        String complaint = vitals.complaint();
        return complaint == null
                ? new Health(200, JsonText.ofStrings("status", "ok", "message", ""))
                : new Health(503, JsonText.ofStrings("status", "failing", "message", complaint));
    }
}
