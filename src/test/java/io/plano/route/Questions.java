package io.plano.route;

import io.plano.credential.Credential;
import io.plano.credential.CredentialSlot;
import io.plano.credential.InboundCredentials;
import io.plano.http.Headers;
import io.plano.provider.Surface;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client could have asked, written as its request line and its headers. */
final class Questions {
    private Questions() {}

    static Asked chat(@Nullable String model) {
        return asked("POST chat/completions", model);
    }

    static Asked messages(@Nullable String model) {
        return asked("POST messages", model);
    }

    /**
     * @param request the method and the path below {@code /v1/}
     * @param headerLines {@code name: value}; credentials too
     */
    static Asked asked(String request, @Nullable String model, String... headerLines) {
        Headers.Builder headers = Headers.builder();
        Map<CredentialSlot, Credential> slots = new EnumMap<>(CredentialSlot.class);
        for (String line : headerLines) {
            String name = line.substring(0, line.indexOf(':'));
            String value = line.substring(name.length() + 2);
            CredentialSlot slot = CredentialSlot.ofHeader(name);
            if (slot == null) {
                headers.add(name, value);
            } else {
                slots.put(slot, Credential.parseAuthorization(value));
            }
        }
        Headers all = headers.build();
        Surface surface = Surface.of(request.split(" ")[0], request.split(" ")[1]);
        return new Asked(
                surface, surface.dialect(all), Surface.clientsDialect(all), model, InboundCredentials.of(slots));
    }
}
