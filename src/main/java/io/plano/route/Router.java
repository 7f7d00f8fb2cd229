package io.plano.route;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.ApiDialect;
import io.plano.provider.Provider;
import io.plano.provider.Surface;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.ModelAliases;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the targets for a request. A model that the client names is looked up as alias, then as a provider's {@code
 * name}, then as a model id or {@code provider/id}, then among the patterns of aliases, then among the wildcards (the
 * longest prefix first); what nobody serves goes to the default provider under the name that the client used. For a
 * request that names none see {@link UnnamedModel}.
 */
public final class Router {
    private Router() {}

    /**
     * @throws GatewayException {@link FailureKind#MODEL_NOT_FOUND} or {@link FailureKind#UNSUPPORTED_FEATURE}; for a
     *     request without a model also {@link FailureKind#INVALID_REQUEST}, {@link FailureKind#UNAUTHENTICATED} and
     *     {@link FailureKind#FORBIDDEN}
     */
    public static Route route(GatewaySnapshot snapshot, Asked asked) {
        String model = asked.model();
        if (model == null || !asked.namesModel()) {
            return new Route(List.of(new UnnamedModel(snapshot, asked).target()));
        }
        List<Target> targets = withModel(snapshot, asked, model);
        if (targets.size() == 1) {
            if (!isAble(targets.get(0).provider(), asked)) {
                throw unsupported(asked, targets.get(0).provider());
            }
            return new Route(targets);
        }
        List<Target> able = new ArrayList<>(targets.size());
        addAble(able, targets, asked, provider -> isNative(provider, asked));
        addAble(able, targets, asked, provider -> !isNative(provider, asked));
        if (able.isEmpty()) {
            throw unsupported(asked, targets.get(0).provider());
        }
        return new Route(able.size() == 1 || asked.surface().resource() == null ? able : open(able, asked));
    }

    /**
     * Whether there are providers that can take such a request, and none of them is one that is wanted: what is known
     * before the body has named a model.
     */
    public static boolean hasOnlyUnwanted(
            GatewaySnapshot snapshot, Surface surface, ApiDialect dialect, Predicate<Provider> wanted) {
        boolean able = false;
        for (Provider provider : snapshot.providers()) {
            if (surface.isServedBy(provider.type(), dialect)) {
                if (wanted.test(provider)) {
                    return false;
                }
                able = true;
            }
        }
        return able;
    }

    /** Those whose credential may be used for it; all, where that is none, for the refusal. */
    private static List<Target> open(List<Target> targets, Asked asked) {
        List<Target> open = targets.stream()
                .filter(target -> isOpen(target.provider(), asked))
                .toList();
        return open.isEmpty() ? targets : open;
    }

    private static boolean isOpen(Provider provider, Asked asked) {
        try {
            OutboundCredential.resolve(provider, asked);
            return true;
        } catch (GatewayException refusal) {
            return false;
        }
    }

    private static void addAble(List<Target> able, List<Target> targets, Asked asked, Predicate<Provider> filter) {
        for (Target target : targets) {
            if (isAble(target.provider(), asked) && filter.test(target.provider())) {
                able.add(target);
            }
        }
    }

    /** A chat can go wherever chats are taken, translated where need be; everything else only where it is at home. */
    static boolean isAble(Provider provider, Asked asked) {
        return asked.surface().isServedBy(provider.type(), asked.dialect());
    }

    /** If the client's own format is spoken, nothing can be lost: such providers come first, in the order of the file. */
    static boolean isNative(Provider provider, Asked asked) {
        return asked.surface().isNativeTo(provider.type());
    }

    private static List<Target> withModel(GatewaySnapshot snapshot, Asked asked, String name) {
        List<Target> targets = meant(snapshot, snapshot.aliases().exact(name), name);
        if (targets.isEmpty()) {
            targets = byRow(snapshot, name);
        }
        if (targets.isEmpty()) {
            targets = meant(snapshot, snapshot.aliases().pattern(name), name);
        }
        if (targets.isEmpty()) {
            targets = byWildcard(snapshot, name);
        }
        if (targets.isEmpty()) {
            targets = select(snapshot, Provider::isDefault, provider -> name);
        }
        if (targets.isEmpty()) {
            throw GatewayException.coded(
                    FailureKind.MODEL_NOT_FOUND,
                    "model_not_found",
                    "The model '" + printable(name) + "' is not served by this gateway. GET " + listPath(asked)
                            + " lists the models that are.");
        }
        return targets;
    }

    /** What an alias stands for, which is served, or the file would not have loaded; nothing where it is none. */
    private static List<Target> meant(GatewaySnapshot snapshot, ModelAliases.@Nullable Meaning meaning, String name) {
        if (meaning instanceof ModelAliases.AsAsked all) {
            return all.wildcards().stream()
                    .map(wildcard -> new Target(wildcard, wildcard.modelAsAsked(name)))
                    .toList();
        }
        if (meaning instanceof ModelAliases.Model model) {
            List<Target> targets = byRow(snapshot, model.name());
            return targets.isEmpty() ? byWildcard(snapshot, model.name()) : targets;
        }
        return List.of();
    }

    private static List<Target> byRow(GatewaySnapshot snapshot, String model) {
        List<Target> targets = byName(snapshot, model);
        return targets.isEmpty() ? byModel(snapshot, model) : targets;
    }

    private static String listPath(Asked asked) {
        return asked.dialect() == ApiDialect.ANTHROPIC
                ? "/v1/models (with your anthropic-version header)"
                : "/v1/models";
    }

    private static List<Target> byName(GatewaySnapshot snapshot, String model) {
        return select(
                snapshot, provider -> !provider.isWildcard() && provider.name().equals(model), Provider::model);
    }

    private static List<Target> byModel(GatewaySnapshot snapshot, String model) {
        return select(snapshot, provider -> isModelOf(provider, model), Provider::model);
    }

    private static boolean isModelOf(Provider provider, String model) {
        String id = provider.model();
        return id != null
                && (model.equals(id)
                        || (model.length() == provider.id().length() + 1 + id.length()
                                && model.startsWith(provider.id())
                                && model.charAt(provider.id().length()) == '/'
                                && model.endsWith(id)));
    }

    private static List<Target> byWildcard(GatewaySnapshot snapshot, String model) {
        List<Target> targets = new ArrayList<>(1);
        int longest = -1;
        for (Provider provider : snapshot.providers()) {
            String upstreamModel = provider.wildcardModel(model);
            int length = provider.modelPrefix().length();
            if (upstreamModel == null || length < longest) {
                continue;
            }
            if (length > longest) {
                longest = length;
                targets.clear();
            }
            targets.add(new Target(provider, upstreamModel));
        }
        return targets;
    }

    private static List<Target> select(GatewaySnapshot snapshot, Predicate<Provider> filter, ModelName upstreamModel) {
        List<Target> targets = new ArrayList<>(1);
        for (Provider provider : snapshot.providers()) {
            if (filter.test(provider)) {
                targets.add(new Target(provider, upstreamModel.of(provider)));
            }
        }
        return targets;
    }

    private interface ModelName {
        @Nullable
        String of(Provider provider);
    }

    private static GatewayException unsupported(Asked asked, Provider provider) {
        return GatewayException.coded(
                FailureKind.UNSUPPORTED_FEATURE,
                "unsupported_api",
                "The provider of this model (" + provider.type().displayName() + ") does not speak the "
                        + asked.surface().apiName(asked.dialect())
                        + " API that this path belongs to. Use the path of its own API.");
    }

    /** A client's text inside our message: short, and without characters that a terminal or a log would obey. */
    private static String printable(String text) {
        String shortened = text.length() > 100 ? text.substring(0, 100) + "…" : text;
        return shortened.replaceAll("\\p{Cntrl}", "?");
    }
}
