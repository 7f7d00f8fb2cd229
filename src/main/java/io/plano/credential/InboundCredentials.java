package io.plano.credential;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a client's request held in its credential slots, after it was taken out of the request. Slots that held only a
 * blank or a placeholder are not in it. Immutable.
 */
public final class InboundCredentials {
    /** A request without any credential. */
    public static final InboundCredentials NONE = new InboundCredentials(Map.of());

    private final Map<CredentialSlot, Credential> bySlot;

    private InboundCredentials(Map<CredentialSlot, Credential> bySlot) {
        this.bySlot = bySlot;
    }

    public static InboundCredentials of(Map<CredentialSlot, Credential> bySlot) {
        return bySlot.isEmpty() ? NONE : new InboundCredentials(new EnumMap<>(bySlot));
    }

    public boolean isEmpty() {
        return bySlot.isEmpty();
    }

    /** The slots that hold a credential, in the order of the enum. */
    public Set<CredentialSlot> slots() {
        return Set.copyOf(bySlot.keySet());
    }

    public @Nullable Credential get(CredentialSlot slot) {
        return bySlot.get(slot);
    }

    /** Whether this is true of one of them. */
    public boolean anyMatch(Predicate<Credential> condition) {
        return bySlot.values().stream().anyMatch(condition);
    }

    /** The first filled slot in the given order, or null where all of them are empty. */
    public @Nullable CredentialSlot firstOf(List<CredentialSlot> order) {
        for (CredentialSlot slot : order) {
            if (bySlot.containsKey(slot)) {
                return slot;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return bySlot.keySet().toString();
    }
}
