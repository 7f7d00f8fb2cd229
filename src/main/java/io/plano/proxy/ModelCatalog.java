package io.plano.proxy;

import io.plano.config.GatewaySnapshot;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.Provider;
import io.plano.translate.ModelEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The models that a client may name, as the configuration has them: aliases first, then every entry, in file order. */
final class ModelCatalog {
    private ModelCatalog() {}

    static List<ModelEntry> of(GatewaySnapshot snapshot) {
        Map<String, ModelEntry> entries = new LinkedHashMap<>();
        snapshot.aliases().keySet().forEach(alias -> entries.put(alias, new ModelEntry(alias, "plano")));
        for (Provider provider : snapshot.providers()) {
            if (!provider.isWildcard()) {
                String id = String.valueOf(provider.model());
                entries.putIfAbsent(id, new ModelEntry(id, provider.type().displayName()));
            }
        }
        return List.copyOf(entries.values());
    }

    /**
     * @throws GatewayException {@link FailureKind#MODEL_NOT_FOUND}
     */
    static ModelEntry find(GatewaySnapshot snapshot, String id) {
        for (ModelEntry entry : of(snapshot)) {
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
        throw GatewayException.coded(
                FailureKind.MODEL_NOT_FOUND, "model_not_found", "This gateway lists no model of that name.");
    }
}
