package io.plano.route;

import io.plano.credential.ResolvedCredential;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.ApiDialect;
import io.plano.provider.Provider;
import io.plano.provider.WireFormat;
import io.plano.snapshot.GatewaySnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the target of a request that names no model. A question gets the model of the default entry, where that has one.
 * Everything else goes to a provider that speaks its dialect and for which its credential can be meant: a guess would
 * show one vendor's key to another. Where the client's own key has a place, the gateway's is not used. Used for one
 * request.
 */
final class UnnamedModel {
    private final GatewaySnapshot snapshot;
    private final Asked asked;
    private final List<Provider> withTheirs = new ArrayList<>();
    private final List<Provider> withOurs = new ArrayList<>();
    private boolean uncertain;
    private @Nullable GatewayException refusal;

    UnnamedModel(GatewaySnapshot snapshot, Asked asked) {
        this.snapshot = snapshot;
        this.asked = asked;
    }

    /**
     * @throws GatewayException where no provider is certain, or none may be used
     */
    Target target() {
        Target lent = asked.surface().isQuestion() ? lentModel() : null;
        if (lent != null) {
            return lent;
        }
        if (asked.surface().requiresModel()) {
            throw required("The request names no model. Set \"model\"; GET /v1/models lists what there is.");
        }
        List<Provider> able =
                snapshot.providers().stream().filter(this::isAtHome).toList();
        if (able.isEmpty()) {
            throw GatewayException.coded(
                    FailureKind.UNSUPPORTED_FEATURE,
                    "unsupported_api",
                    "No provider of this gateway speaks the API that this path belongs to.");
        }
        able.forEach(this::judge);
        Provider chosen = chosen(withTheirs.isEmpty() ? withOurs : withTheirs);
        if (chosen == null) {
            throw failure();
        }
        return new Target(chosen, null);
    }

    private @Nullable Target lentModel() {
        Optional<Provider> entry = snapshot.providers().stream()
                .filter(provider -> provider.isDefault() && !provider.isWildcard())
                .filter(provider -> Router.isAble(provider, asked))
                .findFirst();
        return entry.filter(this::isMeant)
                .map(provider -> new Target(provider, provider.model()))
                .orElse(null);
    }

    private boolean isMeant(Provider provider) {
        try {
            return isMeant(provider, OutboundCredential.resolve(provider, asked));
        } catch (GatewayException missing) {
            return true; // refused as that by the attempt
        }
    }

    private boolean isMeant(Provider provider, ResolvedCredential resolved) {
        boolean isForeign = asked.client() == ApiDialect.ANTHROPIC && asked.dialect() == ApiDialect.OPENAI;
        return !resolved.isClients()
                || (!isForeign
                        && CredentialAudience.includes(
                                provider, resolved, snapshot, other -> Router.isAble(other, asked) && isAtHome(other)));
    }

    /** Whether it has the API itself: one that merely understands chats of OpenAI's has nothing else of it. */
    private boolean isAtHome(Provider provider) {
        List<WireFormat> apis = provider.type().apis();
        boolean isOpenAis = asked.dialect() == ApiDialect.OPENAI;
        boolean isAtHome = isOpenAis
                ? apis.contains(WireFormat.COMPLETIONS) || apis.contains(WireFormat.RESPONSES)
                : apis.contains(WireFormat.MESSAGES);
        return isAtHome && Router.isAble(provider, asked) && Router.isNative(provider, asked);
    }

    private void judge(Provider provider) {
        try {
            ResolvedCredential resolved = OutboundCredential.resolve(provider, asked);
            if (!isMeant(provider, resolved) || !isInRange(provider, resolved)) {
                uncertain = true;
            } else if (resolved.isClients()) {
                withTheirs.add(provider);
            } else {
                withOurs.add(provider);
            }
        } catch (GatewayException refused) {
            if (refusal == null || refused.kind() == FailureKind.UNAUTHENTICATED) {
                refusal = refused;
            }
        }
    }

    /** With our key a model that nobody names must be one that the file names: any of the provider's. */
    private boolean isInRange(Provider provider, ResolvedCredential resolved) {
        boolean servesAll = provider.isWildcard() && provider.modelPrefix().isEmpty();
        return resolved.isClients() || !asked.surface().isQuestion() || servesAll;
    }

    /** The default entry, or the first one where all are in one place. */
    private static @Nullable Provider chosen(List<Provider> certain) {
        for (Provider provider : certain) {
            if (provider.isDefault()) {
                return provider;
            }
        }
        long places = certain.stream().map(Provider::endpoint).distinct().count();
        return places == 1 ? certain.get(0) : null;
    }

    private GatewayException failure() {
        boolean undecided = uncertain || !withOurs.isEmpty() || !withTheirs.isEmpty();
        if (refusal != null && !undecided) {
            return refusal;
        }
        return required("The request names no model, and nothing else in it says for which provider of this gateway it"
                + " is meant. Name a model if the path takes one, send the key in the provider's own header, or ask"
                + " whoever runs the gateway for a client_credential_pattern.");
    }

    private static GatewayException required(String message) {
        return GatewayException.coded(FailureKind.INVALID_REQUEST, "model_required", message);
    }
}
