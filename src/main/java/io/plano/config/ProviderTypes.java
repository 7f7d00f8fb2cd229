package io.plano.config;

import io.plano.config.yaml.Problems;
import io.plano.config.yaml.Schema;
import io.plano.config.yaml.Section;
import io.plano.config.yaml.Variables;
import io.plano.config.yaml.YamlNode.Mapping;
import io.plano.config.yaml.YamlNode.Scalar;
import io.plano.credential.CredentialSlot;
import io.plano.http.Headers;
import io.plano.provider.ApiDialect;
import io.plano.provider.CompletionsQuirks;
import io.plano.provider.CredentialPlacement;
import io.plano.provider.ModelFacts;
import io.plano.provider.ModelFacts.Ability;
import io.plano.provider.ProviderType;
import io.plano.provider.WireFormat;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The table of known providers: the rows of the resource {@code providers.yaml}, and those of a file's own {@code
 * providers}. Immutable.
 */
public final class ProviderTypes {
    private static final Mapping BUILT_IN = Schema.resource("/io/plano/provider/providers.yaml");
    private static final String DEFAULT_PREFIX = "/v1";

    private final Map<String, Row> rows;
    private final Map<String, HostRow> hosts;

    /**
     * A provider type with what only the loader needs to know of it.
     *
     * @param plainPrefixes path prefixes under which the type's path template does not apply
     * @param headers fixed headers of every entry of this type
     * @param traits what else is true of it
     */
    record Row(ProviderType type, List<String> plainPrefixes, Headers headers, Set<Trait> traits) {
        /** With a place for the credential in every API that it speaks. */
        Row placedBy(Map<ApiDialect, CredentialPlacement> vendors) {
            return new Row(type.withApis(type.apis(), vendors), plainPrefixes, headers, traits);
        }

        boolean is(Trait trait) {
            return traits.contains(trait);
        }
    }

    /** Truth values of a row. */
    enum Trait {
        KEYLESS,
        PASSTHROUGH_BY_DEFAULT,
        INTERFACE_OPTIONAL;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is true of a host, whatever the provider is called. */
    record HostRow(Map<String, String> pathPrefixes, Headers headers) {
        static final HostRow NONE = new HostRow(Map.of(), Headers.EMPTY);
    }

    private ProviderTypes(Map<String, Row> rows, Map<String, HostRow> hosts) {
        this.rows = Collections.unmodifiableMap(rows);
        this.hosts = Map.copyOf(hosts);
    }

    /** The built-in rows. */
    public static ProviderTypes builtIn() {
        return builtIn(new Variables(Map.of()));
    }

    /** The built-in rows, whose fixed headers may name variables. */
    static ProviderTypes builtIn(Variables variables) {
        Problems problems = new Problems("providers.yaml");
        Section root = new Section(BUILT_IN, "", variables, problems);
        Map<String, HostRow> hosts = new LinkedHashMap<>();
        Section hostRows = root.section("hosts");
        hostRows.keys().forEach(host -> hosts.put(host, hostRow(hostRows.section(host))));
        ProviderTypes types = new ProviderTypes(Map.of(), hosts).with(root.section("providers"));
        if (problems.hasErrors()) {
            throw new IllegalStateException(problems.list().toString());
        }
        return types;
    }

    private static HostRow hostRow(Section section) {
        Map<String, String> prefixes = new LinkedHashMap<>();
        Section rows = section.section("path_prefixes");
        for (String prefix : rows.keys()) {
            String replacement = rows.text(prefix);
            if (replacement != null) {
                prefixes.put(prefix, replacement);
            }
        }
        return new HostRow(prefixes, HeaderRows.read(section.section("headers")));
    }

    /** These rows and those of the section; what a row of the same id does not say stays as it was. */
    ProviderTypes with(Section section) {
        Map<String, Row> all = new LinkedHashMap<>(rows);
        for (String id : section.keys()) {
            if (id.isBlank() || id.indexOf('/') >= 0) {
                section.error(id, "a provider's id must not be empty or hold a slash");
            } else {
                Row row = row(id, section.section(id), rows.get(id));
                all.put(id, row.placedBy(vendorPlacements(all)));
            }
        }
        return new ProviderTypes(all, hosts);
    }

    private static Row row(String id, Section section, @Nullable Row old) {
        ProviderType base = old == null
                ? new ProviderType(
                        id,
                        id,
                        null,
                        DEFAULT_PREFIX,
                        ProviderType.PLAIN_PATH,
                        Map.of(ApiDialect.OPENAI, CredentialPlacement.BEARER),
                        List.of(WireFormat.COMPLETIONS),
                        CompletionsQuirks.OPENAI,
                        ModelFacts.UNKNOWN)
                : old.type();
        Map<ApiDialect, CredentialPlacement> placements =
                section.has("dialects") ? placements(section.section("dialects")) : base.placements();
        ProviderType type = new ProviderType(
                id,
                orElse(section.name("name"), base.displayName()),
                section.has("base_url") ? baseUrl(section) : base.baseUrl(),
                path(section, "path_prefix", base.pathPrefix(), PathRules::problem),
                path(section, "path_template", base.pathTemplate(), PathRules::templateProblem),
                placements,
                section.has("apis") ? apis(section, "apis") : section.has("dialects") ? apis(placements) : base.apis(),
                section.has("chat") ? quirks(section.section("chat")) : base.quirks(),
                base.ownFacts().overriddenBy(facts(section)));
        return new Row(
                type,
                section.has("plain_prefixes")
                        ? texts(section, "plain_prefixes")
                        : old == null ? List.of() : old.plainPrefixes(),
                section.has("headers")
                        ? HeaderRows.read(section.section("headers"))
                        : old == null ? Headers.EMPTY : old.headers(),
                traits(section, old));
    }

    private interface PathRule {
        @Nullable
        String problem(String path);
    }

    private static String path(Section section, String key, String fallback, PathRule rule) {
        String own = section.text(key);
        String problem = own == null ? null : rule.problem(own);
        if (problem != null) {
            section.error(key, problem);
        }
        return orElse(own, fallback);
    }

    private static String orElse(@Nullable String value, String fallback) {
        return value != null ? value : fallback;
    }

    private static Set<Trait> traits(Section section, @Nullable Row old) {
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        for (Trait trait : Trait.values()) {
            Boolean own = section.flag(trait.key());
            if (own != null ? own : old != null && old.is(trait)) {
                traits.add(trait);
            }
        }
        return Collections.unmodifiableSet(traits);
    }

    private static @Nullable URI baseUrl(Section section) {
        BaseUrl url = BaseUrl.read(section, "base_url");
        if (url == null) {
            return null;
        }
        if (url.hasPath()) {
            section.error("base_url", "must not have a path here; put it into path_prefix");
        }
        String host = url.host().indexOf(':') >= 0 ? "[" + url.host() + "]" : url.host();
        return URI.create(url.scheme() + "://" + host + ":" + url.port());
    }

    private static Map<ApiDialect, CredentialPlacement> placements(Section dialects) {
        Map<ApiDialect, CredentialPlacement> placements = new EnumMap<>(ApiDialect.class);
        for (ApiDialect dialect : ApiDialect.values()) {
            Section row = dialects.sectionOrNull(dialect.name().toLowerCase(Locale.ROOT));
            String name = row == null ? null : row.text("slot");
            CredentialSlot slot = name == null ? null : CredentialSlot.ofHeader(name);
            if (row != null && slot != null) {
                List<String> bearerPrefixes = texts(row, "bearer_prefixes");
                placements.put(
                        dialect,
                        new CredentialPlacement(
                                slot, bearerPrefixes, row.text("version_header"), row.text("bearer_since")));
            }
        }
        return placements;
    }

    /** Nearly everybody speaks Chat Completions where they follow OpenAI, and few Responses. */
    private static List<WireFormat> apis(Map<ApiDialect, CredentialPlacement> placements) {
        return Stream.of(WireFormat.COMPLETIONS, WireFormat.MESSAGES)
                .filter(format -> placements.containsKey(format.dialect()))
                .toList();
    }

    /** The formats that a key lists. */
    static List<WireFormat> apis(Section section, String key) {
        List<WireFormat> formats = new ArrayList<>();
        for (String name : texts(section, key)) {
            for (WireFormat format : WireFormat.values()) {
                if (format.configName().equals(name) && !formats.contains(format)) {
                    formats.add(format);
                }
            }
        }
        return formats;
    }

    /** What a row or an entry says of its models; nothing by default. */
    static ModelFacts facts(Section section) {
        Section own = section.section("model_facts");
        Long limit = own.number("max_output", 1, Integer.MAX_VALUE);
        return new ModelFacts(limit == null ? 0 : limit, abilities(own, "can"), abilities(own, "cannot"));
    }

    private static Set<Ability> abilities(Section facts, String key) {
        Set<Ability> abilities = EnumSet.noneOf(Ability.class);
        for (String name : texts(facts, key)) {
            Ability ability = Ability.of(name);
            if (ability != null) {
                abilities.add(ability);
            }
        }
        return abilities;
    }

    private static CompletionsQuirks quirks(Section section) {
        Set<CompletionsQuirks.Extension> extensions = EnumSet.noneOf(CompletionsQuirks.Extension.class);
        for (String name : texts(section, "extensions")) {
            for (CompletionsQuirks.Extension extension : CompletionsQuirks.Extension.values()) {
                if (extension.name().toLowerCase(Locale.ROOT).equals(name)) {
                    extensions.add(extension); // any other name is a problem that the schema reports
                }
            }
        }
        return new CompletionsQuirks(
                orElse(section.text("output_limit"), CompletionsQuirks.OPENAI.outputLimit()),
                extensions,
                Set.copyOf(texts(section, "refuses")));
    }

    /** Where the vendors of the formats expect their credentials: right for whoever speaks such a format. */
    Map<ApiDialect, CredentialPlacement> vendorPlacements() {
        return vendorPlacements(rows);
    }

    private static Map<ApiDialect, CredentialPlacement> vendorPlacements(Map<String, Row> rows) {
        Map<ApiDialect, CredentialPlacement> vendors = new EnumMap<>(ApiDialect.class);
        vendors.put(ApiDialect.OPENAI, CredentialPlacement.BEARER);
        Row anthropic = rows.get("anthropic");
        CredentialPlacement placement =
                anthropic == null ? null : anthropic.type().placements().get(ApiDialect.ANTHROPIC);
        vendors.put(ApiDialect.ANTHROPIC, placement == null ? CredentialPlacement.BEARER : placement);
        return vendors;
    }

    private static List<String> texts(Section section, String key) {
        return section.scalars(key).stream().map(Scalar::text).toList();
    }

    /** The type of that id, such as {@code openai}; null where the table has none. */
    public @Nullable ProviderType type(String id) {
        Row row = rows.get(id);
        return row == null ? null : row.type();
    }

    /** All ids, in the order of the table. */
    public Set<String> ids() {
        return rows.keySet();
    }

    @Nullable
    Row row(String id) {
        return rows.get(id);
    }

    HostRow host(String host) {
        return hosts.getOrDefault(host, HostRow.NONE);
    }
}
