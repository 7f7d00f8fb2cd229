package io.plano.proxy.answer;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What a log may say of the cause of a failure. Parsers quote the bytes that they stumbled over, and a provider's answer
 * may repeat the client's key (R49), so only messages of the JDK's own input and output are shown: they speak of
 * sockets, names and certificates.
 */
public final class Causes {
    private static final Set<String> PLAIN_SPOKEN =
            Set.of("java.io", "java.net", "java.nio.channels", "java.security.cert", "javax.net.ssl");
    private static final int MAX_DEPTH = 5;

    private Causes() {}

    /**
     * Logs a defect of the gateway. An {@link Error} has no stack there: that of an overflow is a thousand lines that say the
     * same, and who has no memory has none for lines.
     */
    public static void report(Logger log, String what, Throwable defect) {
        if (defect instanceof Error) {
            log.error("{}: {}", what, describe(defect));
        } else {
            log.error(what, defect);
        }
    }

    /** The chain of causes, outermost first. */
    public static String describe(Throwable cause) {
        StringBuilder text = new StringBuilder();
        @Nullable Throwable next = cause;
        for (int depth = 0; next != null && depth < MAX_DEPTH; depth++) {
            text.append(depth == 0 ? "" : " <- ").append(next.getClass().getName());
            if (next.getMessage() != null
                    && PLAIN_SPOKEN.contains(next.getClass().getPackageName())) {
                text.append(": ").append(next.getMessage());
            }
            next = next.getCause();
        }
        return text.toString();
    }
}
