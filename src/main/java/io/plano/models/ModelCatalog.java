package io.plano.models;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.Provider;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.ModelAliases;
import io.plano.translate.ModelEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The models that a client may name: aliases that are no patterns first, then every entry of the file, in its order, then what the upstreams
 * of wildcards say they have.
 */
public final class ModelCatalog {
    private ModelCatalog() {}

    /**
     * @param discovered what upstreams have; those that the file has too are listed once
     */
    public static List<ModelEntry> of(GatewaySnapshot snapshot, List<ModelEntry> discovered) {
        Map<String, ModelEntry> entries = new LinkedHashMap<>();
        snapshot.aliases().names().forEach(alias -> entries.put(alias, new ModelEntry(alias, "plano")));
        for (Provider provider : snapshot.providers()) {
            if (!provider.isWildcard()) {
                String id = String.valueOf(provider.model());
                entries.putIfAbsent(id, new ModelEntry(id, provider.type().displayName()));
            }
        }
        discovered.forEach(entry -> entries.putIfAbsent(entry.id(), entry));
        return List.copyOf(entries.values());
    }

    /**
     * @throws GatewayException {@link FailureKind#MODEL_NOT_FOUND}
     */
    public static ModelEntry find(GatewaySnapshot snapshot, String id, List<ModelEntry> discovered) {
        ModelEntry known = known(snapshot, id);
        if (known != null) {
            return known;
        }
        List<String> names = namesUpstream(snapshot, id);
        return discovered.stream()
                .filter(entry -> names.contains(entry.id()))
                .findFirst()
                .map(entry -> new ModelEntry(id, entry.ownedBy()))
                .orElseThrow(() -> GatewayException.coded(
                        FailureKind.MODEL_NOT_FOUND, "model_not_found", "This gateway lists no model of that name."));
    }

    /**
     * The wildcards that a request for that model goes to, where the file alone does not say what it is; nothing where
     * it does.
     */
    public static List<Provider> wildcards(GatewaySnapshot snapshot, String id) {
        if (known(snapshot, id) != null) {
            return List.of();
        }
        if (snapshot.aliases().pattern(id) instanceof ModelAliases.AsAsked all) {
            return all.wildcards();
        }
        return snapshot.providers().stream()
                .filter(provider -> provider.wildcardModel(id) != null)
                .toList();
    }

    /** As what the list of its wildcards has a model that a client names: {@code anthropic/claude-x} for a bare name. */
    private static List<String> namesUpstream(GatewaySnapshot snapshot, String id) {
        return snapshot.aliases().pattern(id) instanceof ModelAliases.AsAsked all
                ? all.wildcards().stream()
                        .map(wildcard -> wildcard.id() + "/" + wildcard.modelAsAsked(id))
                        .toList()
                : List.of(id);
    }

    /** The entry that the file alone has for that name, perhaps by the pattern of an alias, or null. */
    public static @Nullable ModelEntry known(GatewaySnapshot snapshot, String id) {
        for (ModelEntry entry : of(snapshot, List.of())) {
            if (entry.id().equals(id)) {
                return entry;
            }
        }
        for (Provider provider : snapshot.providers()) {
            boolean byFullName = !provider.isWildcard()
                    && (provider.name().equals(id) || id.equals(provider.id() + "/" + provider.model()));
            if (byFullName) {
                return new ModelEntry(id, provider.type().displayName());
            }
        }
        return snapshot.aliases().pattern(id) instanceof ModelAliases.Model ? new ModelEntry(id, "plano") : null;
    }
}
