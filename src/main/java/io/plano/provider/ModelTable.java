package io.plano.provider;

import io.plano.provider.ModelFacts.Ability;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The facts of known models: the resource {@code model-facts.txt}, which {@code .ci/model-facts} makes. It is read when the
 * first model is looked up, which takes some tens of milliseconds and half a megabyte, and never if none is. What was found
 * is kept for as many names as {@link #MAX_KEPT}. All methods may be called by any thread.
 *
 * <p>A model that its provider's rows do not have is looked for among those of the vendors: under its own name without what
 * stands in front of the last slash or dot, and without a date; what no row says, its family does ({@link ModelFamilies}).
 */
public final class ModelTable {
    private static final String RESOURCE = "model-facts.txt";

    /** Whose rows stand for a model wherever it is served, the first one first. */
    private static final List<String> VENDORS = List.of(
            "openai", "anthropic", "gemini", "mistral", "deepseek", "xai", "moonshotai", "zhipu", "qwen", "cohere");

    /** {@code -2024-08-06}, {@code -20250929}, {@code @20250929}, {@code -latest}, {@code :free}, {@code -v1:0}. */
    private static final Pattern SUFFIX =
            Pattern.compile("(-[0-9]{4}-[0-9]{2}-[0-9]{2}|[-@][0-9]{8}|-latest|:[a-z]+|-v[0-9]+(:[0-9]+)?)$");

    private final Map<String, ModelFacts> byProvider = new HashMap<>();
    private final Map<String, ModelFacts> byModel = new HashMap<>();

    /** Names come from clients. */
    private static final int MAX_KEPT = 2_000;

    private final Map<String, Map<String, ModelFacts>> kept = new ConcurrentHashMap<>();

    private static final class Holder {
        static final ModelTable TABLE = new ModelTable();
    }

    private ModelTable() {
        Map<String, ModelFacts> shared = new HashMap<>();
        Map<String, Integer> ranks = new HashMap<>();
        try (InputStream in = ModelTable.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the build lacks " + RESOURCE);
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    add(line.split("\t", -1), shared, ranks);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String[] cells, Map<String, ModelFacts> shared, Map<String, Integer> ranks) {
        ModelFacts facts = shared.computeIfAbsent(
                cells[2] + "|" + cells[3] + "|" + cells[4],
                key -> new ModelFacts(Long.parseLong(cells[2]), abilities(cells[3]), abilities(cells[4])));
        byProvider.put(key(cells[0], cells[1]), facts);
        int rank = VENDORS.indexOf(cells[0]);
        if (rank >= 0 && rank <= ranks.getOrDefault(cells[1], VENDORS.size())) {
            ranks.put(cells[1], rank);
            byModel.put(cells[1], facts);
        }
    }

    private static String key(String provider, String model) {
        return provider + "\t" + model;
    }

    private static Set<Ability> abilities(String names) {
        Set<Ability> abilities = EnumSet.noneOf(Ability.class);
        for (String name : names.split(",", -1)) {
            Ability ability = Ability.of(name);
            if (ability != null) {
                abilities.add(ability);
            }
        }
        return abilities;
    }

    /**
     * What is known of a model.
     *
     * @param provider the id of the provider's row in the table of providers
     * @param model as it is sent upstream
     */
    public static ModelFacts of(String provider, String model) {
        return Holder.TABLE.facts(provider, model);
    }

    private ModelFacts facts(String provider, String model) {
        Map<String, ModelFacts> known = kept.computeIfAbsent(provider, key -> new ConcurrentHashMap<>());
        ModelFacts found = known.get(model);
        if (found == null) {
            found = find(provider, model.toLowerCase(Locale.ROOT));
            if (known.size() < MAX_KEPT) {
                known.put(model, found);
            }
        }
        return found;
    }

    private ModelFacts find(String provider, String name) {
        ModelFacts row = row(provider, name);
        ModelFacts family = ModelFamilies.of(name);
        return row == null ? family : family.overriddenBy(row);
    }

    private @Nullable ModelFacts row(String provider, String name) {
        ModelFacts own = byProvider.get(key(provider, name));
        if (own != null) {
            return own;
        }
        String bare = name.substring(name.lastIndexOf('/') + 1);
        for (String known : new String[] {bare, bare.substring(bare.indexOf('.') + 1)}) {
            ModelFacts found = byModel.get(known);
            String undated = SUFFIX.matcher(known).replaceFirst("");
            for (int i = 0; found == null && i < 3; i++) {
                found = byModel.get(undated);
                undated = SUFFIX.matcher(undated).replaceFirst("");
            }
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
