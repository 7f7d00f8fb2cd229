package io.plano.credential;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a provider's policy and what the client brought become the credential for an attempt. Pure: an
 * attempt at another provider asks again with that provider's policy, so one provider's credential never reaches
 * another.
 */
public final class CredentialResolver {
    private CredentialResolver() {}

    /**
     * @param slotOrder the order in which the client's slots are looked at: the API surface's native slot first
     * @throws GatewayException {@link FailureKind#UNAUTHENTICATED} where the policy wants the client's own credential
     *     and there is none
     */
    public static ResolvedCredential resolve(
            CredentialPolicy policy, InboundCredentials inbound, List<CredentialSlot> slotOrder) {
        if (!policy.passthrough()) {
            return configured(policy);
        }
        CredentialSlot slot = usableSlot(policy, inbound, slotOrder);
        if (slot != null) {
            return new ResolvedCredential(inbound.get(slot), slot.fieldName());
        }
        return switch (policy.onMissing()) {
            case REJECT -> throw missing(slotOrder);
            case ACCESS_KEY -> configured(policy);
            case FORWARD -> ResolvedCredential.NONE;
        };
    }

    /** Whether {@link #resolve} would find that the policy wants a credential of the client and there is none. */
    public static boolean isMissing(
            CredentialPolicy policy, InboundCredentials inbound, List<CredentialSlot> slotOrder) {
        return policy.requiresClientCredential() && usableSlot(policy, inbound, slotOrder) == null;
    }

    private static ResolvedCredential configured(CredentialPolicy policy) {
        return policy.accessKey() == null ? ResolvedCredential.NONE : ResolvedCredential.configured(policy.accessKey());
    }

    private static @Nullable CredentialSlot usableSlot(
            CredentialPolicy policy, InboundCredentials inbound, List<CredentialSlot> slotOrder) {
        CredentialSlot slot = inbound.firstOf(slotOrder);
        if (slot == null || policy.clientPattern() == null) {
            return slot;
        }
        Credential credential = inbound.get(slot);
        return credential != null && credential.matches(policy.clientPattern()) ? slot : null;
    }

    /** The refusal for a request that brings no usable credential, in the words of the surface's own slot. */
    public static GatewayException missing(List<CredentialSlot> slotOrder) {
        CredentialSlot slot = slotOrder.get(0);
        String where = slot == CredentialSlot.AUTHORIZATION
                ? "Authorization header (Authorization: Bearer YOUR_KEY)"
                : slot.fieldName() + " header";
        return GatewayException.coded(
                FailureKind.UNAUTHENTICATED,
                "missing_api_key",
                "No usable API key was provided. This gateway passes your own key on to the model provider: send it in the "
                        + where + ".");
    }
}
