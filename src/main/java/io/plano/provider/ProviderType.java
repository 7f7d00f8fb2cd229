package io.plano.provider;

import io.plano.credential.CredentialSlot;
import java.net.URI;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A vendor, or a kind of server, that the gateway knows: one row of the resource {@code providers.yaml}.
 *
 * @param id the prefix in {@code <provider>/<model>}, such as {@code openai}
 * @param displayName what {@code owned_by} of {@code GET /v1/models} says
 * @param baseUrl scheme, host and port of the public API, without path; null where every user has their own
 * @param pathPrefix what stands before {@code /chat/completions} where the configuration gives no path: {@code /v1};
 *     starts with a slash, ends without; empty for none
 * @param pathTemplate what follows the prefix, without a slash in front: {@code {path}} stands for the client's path
 *     below {@code /v1/}, {@code {model}} for the upstream's model id; it may have a query
 * @param placements which dialects the upstream speaks natively, and where each of them expects the credential
 * @param apis the formats in which it takes chats, the preferred one first: a chat in any other format is translated into
 *     that one; none for an upstream that no chat can reach
 * @param quirks how its Chat Completions differ from OpenAI's
 * @param ownFacts what the user's file says of its models, in place of the table
 */
public record ProviderType(
        String id,
        String displayName,
        @Nullable URI baseUrl,
        String pathPrefix,
        String pathTemplate,
        Map<ApiDialect, CredentialPlacement> placements,
        List<WireFormat> apis,
        CompletionsQuirks quirks,
        ModelFacts ownFacts) {

    /** The template of everybody who keeps OpenAI's own paths. */
    public static final String PLAIN_PATH = "{path}";

    public ProviderType {
        placements = Map.copyOf(placements);
        apis = List.copyOf(apis);
    }

    /** Of whose models the file says nothing. */
    public ProviderType(
            String id,
            String displayName,
            @Nullable URI baseUrl,
            String pathPrefix,
            String pathTemplate,
            Map<ApiDialect, CredentialPlacement> placements,
            List<WireFormat> apis,
            CompletionsQuirks quirks) {
        this(id, displayName, baseUrl, pathPrefix, pathTemplate, placements, apis, quirks, ModelFacts.UNKNOWN);
    }

    /** A type with plain paths, which takes chats in the formats of its dialects, as OpenAI and Anthropic do. */
    public ProviderType(
            String id,
            String displayName,
            @Nullable URI baseUrl,
            String pathPrefix,
            Map<ApiDialect, CredentialPlacement> placements) {
        this(
                id,
                displayName,
                baseUrl,
                pathPrefix,
                PLAIN_PATH,
                placements,
                apisOf(placements),
                CompletionsQuirks.OPENAI,
                ModelFacts.UNKNOWN);
    }

    /** The same type at an address where it keeps OpenAI's own paths. */
    public ProviderType withPlainPaths() {
        return new ProviderType(id, displayName, baseUrl, pathPrefix, PLAIN_PATH, placements, apis, quirks, ownFacts);
    }

    private static List<WireFormat> apisOf(Map<ApiDialect, CredentialPlacement> placements) {
        return List.of(WireFormat.values()).stream()
                .filter(format -> placements.containsKey(format.dialect()))
                .toList();
    }

    /**
     * The same type where it takes chats in these formats.
     *
     * @param fallbacks where an API whose dialect this type does not know expects its credential
     */
    public ProviderType withApis(List<WireFormat> formats, Map<ApiDialect, CredentialPlacement> fallbacks) {
        Map<ApiDialect, CredentialPlacement> all = new EnumMap<>(ApiDialect.class);
        all.putAll(placements);
        for (WireFormat format : formats) {
            all.computeIfAbsent(format.dialect(), fallbacks::get);
        }
        List<WireFormat> distinct = List.copyOf(new LinkedHashSet<>(formats));
        return new ProviderType(id, displayName, baseUrl, pathPrefix, pathTemplate, all, distinct, quirks, ownFacts);
    }

    /** The same type of whose models the file says this. */
    public ProviderType withFacts(ModelFacts facts) {
        return new ProviderType(
                id,
                displayName,
                baseUrl,
                pathPrefix,
                pathTemplate,
                placements,
                apis,
                quirks,
                ownFacts.overriddenBy(facts));
    }

    /** What is known of a model there: what the file says, or else the table. */
    public ModelFacts factsOf(String model) {
        return ModelTable.of(id, model).overriddenBy(ownFacts);
    }

    /** The format in which a chat goes to this upstream: as the client sent it where it can be, else the preferred one. */
    public WireFormat formatFor(WireFormat client) {
        if (apis.isEmpty()) {
            throw new IllegalStateException("routed to a provider that takes no chats");
        }
        return apis.contains(client) ? client : apis.get(0);
    }

    /** How requests in that dialect are shown to be somebody's; null if it is not spoken. */
    public @Nullable AuthScheme auth(ApiDialect dialect) {
        return placements.get(dialect);
    }

    /** Whether the model may decide: its provider has both of OpenAI's APIs. */
    public boolean letsModelDecide() {
        return apis.contains(WireFormat.COMPLETIONS) && apis.contains(WireFormat.RESPONSES);
    }

    /**
     * As {@link #formatFor(WireFormat)}, where the model decides: one that Chat Completions does not serve, or does not give
     * tools, is asked by Responses. A client of a third API loses nothing by that.
     *
     * @param needs what of the model the request needs that Chat Completions may refuse
     */
    public WireFormat formatFor(WireFormat client, ModelFacts facts, Set<ModelFacts.Ability> needs) {
        WireFormat preferred = formatFor(client);
        if (preferred != WireFormat.COMPLETIONS || !letsModelDecide()) {
            return preferred;
        }
        boolean refused = facts.cannot(ModelFacts.Ability.CHAT);
        for (ModelFacts.Ability need : needs) {
            refused |= facts.cannot(need);
        }
        boolean third = client != preferred;
        return refused || (third && facts.cannot(ModelFacts.Ability.CHAT_TOOLS)) ? WireFormat.RESPONSES : preferred;
    }

    /** Whether requests in that dialect can be sent on as they are. */
    public boolean speaks(ApiDialect dialect) {
        return placements.containsKey(dialect);
    }

    /** Whether a client's credential in that slot is one of this vendor's own habit. */
    public boolean isNativeSlot(CredentialSlot slot) {
        return placements.values().stream().anyMatch(placement -> placement.slot() == slot);
    }
}
