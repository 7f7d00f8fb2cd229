package io.plano.credential;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who calls the gateway: not whose credential goes to a provider, which is {@link ResolvedCredential}. Usage and limits go
 * by it.
 */
public sealed interface Caller {
    /** What logs and counters say; the same for the same caller as long as the process lives, and no secret. */
    String name();

    /** Whoever brings nothing that tells them from others. */
    record Anonymous() implements Caller {
        @Override
        public String name() {
            return "anonymous";
        }
    }

    /** Whoever holds that key of a provider: known by its keyed fingerprint alone, with no list of keys anywhere. */
    record KeyHolder(Credential key) implements Caller {
        @Override
        public String name() {
            return key.fingerprint();
        }
    }

    Caller ANONYMOUS = new Anonymous();

    /** Who a request comes from that brings these. */
    static Caller of(InboundCredentials credentials, List<CredentialSlot> slotOrder) {
        CredentialSlot slot = credentials.firstOf(slotOrder);
        @Nullable Credential key = slot == null ? null : credentials.get(slot);
        return key == null ? ANONYMOUS : new KeyHolder(key);
    }
}
