package io.plano.route;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.ApiDialect;
import io.plano.provider.Endpoint;
import io.plano.provider.Operation;
import io.plano.provider.Provider;
import io.plano.provider.WireFormat;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.ModelAliases;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the targets for a request. A model that the client names is looked up as alias, then as a provider's {@code
 * name}, then as a model id or {@code provider/id}, then among the wildcards (the longest prefix first); what nobody
 * serves goes to the default provider under the name that the client used.
 */
public final class Router {
    private Router() {}

    /**
     * @param model the model that the client names, or null where it names none
     * @throws GatewayException {@link FailureKind#MODEL_NOT_FOUND} or {@link FailureKind#UNSUPPORTED_FEATURE}
     */
    public static Route route(GatewaySnapshot snapshot, Operation operation, @Nullable String model) {
        List<Target> targets =
                model == null ? withoutModel(snapshot, operation) : withModel(snapshot, operation, model);
        List<Target> able = new ArrayList<>(targets.size());
        addAble(able, targets, operation, provider -> !isTranslated(provider, operation));
        addAble(able, targets, operation, provider -> isTranslated(provider, operation));
        if (able.isEmpty()) {
            throw unsupported(operation, targets.get(0).provider());
        }
        return new Route(able);
    }

    private static void addAble(
            List<Target> able, List<Target> targets, Operation operation, Predicate<Provider> filter) {
        for (Target target : targets) {
            if (isAble(target.provider(), operation) && filter.test(target.provider())) {
                able.add(target);
            }
        }
    }

    /** A chat can go wherever chats are taken, translated where need be; everything else only where it is at home. */
    private static boolean isAble(Provider provider, Operation operation) {
        return switch (operation) {
            case CHAT_COMPLETIONS, RESPONSES, MESSAGES, COUNT_TOKENS ->
                !provider.type().apis().isEmpty();
            case OTHER_RESPONSES -> provider.type().apis().contains(WireFormat.RESPONSES);
            default -> provider.type().speaks(operation.dialect());
        };
    }

    /** Where the client's own format is spoken, nothing can be lost: such providers come first, in the order of the file. */
    private static boolean isTranslated(Provider provider, Operation operation) {
        WireFormat format = operation == Operation.COUNT_TOKENS ? WireFormat.MESSAGES : WireFormat.of(operation);
        return format != null && !provider.type().apis().contains(format);
    }

    private static List<Target> withModel(GatewaySnapshot snapshot, Operation operation, String asked) {
        ModelAliases.Meaning alias = snapshot.aliases().of(asked);
        if (alias instanceof ModelAliases.AsAsked all) {
            return all.wildcards().stream()
                    .map(wildcard -> new Target(wildcard, wildcard.modelAsAsked(asked)))
                    .toList();
        }
        String model = alias instanceof ModelAliases.Model named ? named.name() : asked;
        List<Target> targets = byName(snapshot, model);
        if (targets.isEmpty()) {
            targets = byModel(snapshot, model);
        }
        if (targets.isEmpty()) {
            targets = byWildcard(snapshot, model);
        }
        if (targets.isEmpty()) {
            targets = select(snapshot, Provider::isDefault, provider -> model);
        }
        if (targets.isEmpty()) {
            throw GatewayException.coded(
                    FailureKind.MODEL_NOT_FOUND,
                    "model_not_found",
                    "The model '" + printable(asked) + "' is not served by this gateway. GET " + listPath(operation)
                            + " lists the models that are.");
        }
        return targets;
    }

    private static String listPath(Operation operation) {
        return operation.dialect() == ApiDialect.ANTHROPIC
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

    /**
     * For paths that name no model: the default provider where it speaks the dialect; otherwise the only place that
     * does. Among several the gateway does not guess, since a guess would send one provider's key to another.
     */
    private static List<Target> withoutModel(GatewaySnapshot snapshot, Operation operation) {
        List<Target> able = select(snapshot, provider -> isAble(provider, operation), provider -> null);
        for (Target target : able) {
            if (target.provider().isDefault()) {
                return List.of(target);
            }
        }
        List<Endpoint> places = able.stream()
                .map(target -> target.provider().endpoint())
                .distinct()
                .toList();
        if (places.size() != 1) {
            throw GatewayException.coded(
                    FailureKind.INVALID_REQUEST,
                    "model_required",
                    "The request names no model, and no provider of this gateway is the default one for such requests.");
        }
        return List.of(able.get(0));
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

    private static GatewayException unsupported(Operation operation, Provider provider) {
        String wanted = operation.dialect() == ApiDialect.ANTHROPIC
                ? "Anthropic Messages"
                : operation == Operation.OTHER_RESPONSES ? "OpenAI Responses" : "OpenAI";
        return GatewayException.coded(
                FailureKind.UNSUPPORTED_FEATURE,
                "unsupported_api",
                "The provider of this model (" + provider.type().displayName() + ") does not speak the " + wanted
                        + " API that this path belongs to. Use the path of its own API.");
    }

    /** A client's text inside our message: short, and without characters that a terminal or a log would obey. */
    private static String printable(String text) {
        String shortened = text.length() > 100 ? text.substring(0, 100) + "…" : text;
        return shortened.replaceAll("\\p{Cntrl}", "?");
    }
}
