package io.plano.observe;

import io.plano.failure.FailureKind;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How the access log spells the kinds of failure: {@code client_gone}. */
public final class LogNames {
    private static final Map<FailureKind, String> NAMES = new EnumMap<>(FailureKind.class);

    static {
        for (FailureKind kind : FailureKind.values()) {
            NAMES.put(kind, kind.name().toLowerCase(Locale.ROOT));
        }
    }

    private LogNames() {}

    public static String of(FailureKind kind) {
        return NAMES.getOrDefault(kind, "internal");
    }
}
