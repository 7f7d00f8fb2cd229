package io.plano.config;

import io.plano.config.ProviderTypes.HostRow;
import io.plano.config.ProviderTypes.Row;
import io.plano.config.ProviderTypes.Trait;
import io.plano.config.yaml.Position;
import io.plano.config.yaml.Section;
import io.plano.config.yaml.Spelling;
import io.plano.credential.CredentialPolicy;
import io.plano.http.Headers;
import io.plano.provider.Endpoint;
import io.plano.provider.ModelFacts;
import io.plano.provider.PathSegment;
import io.plano.provider.Provider;
import io.plano.provider.ProviderType;
import io.plano.provider.Timeouts;
import io.plano.provider.Transport;
import io.plano.provider.WireFormat;
import io.plano.snapshot.Listener;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the entries of {@code model_providers} against the table of known providers. Used for one file. */
final class ProviderReader {
    private static final Pattern HTTP_HOST = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?");

    /** Stands in for the row of an entry whose provider is not known, so that the rest of it can be checked. */
    private static final Row UNKNOWN =
            new Row(new ProviderType("", "", null, "", Map.of()), List.of(), Headers.EMPTY, Set.of(Trait.KEYLESS));

    private final ProviderTypes types;
    private final PassthroughSwitches switches;
    private final Reach reach;
    private final Listener listener;
    private final Duration connectTimeout;
    private final TransportReader transports;
    private final CredentialPatterns patterns = new CredentialPatterns();
    private final List<Provider> providers = new ArrayList<>();
    private final Map<String, Position> names = new HashMap<>();
    private @Nullable Position defaultAt;
    private int disabled;

    ProviderReader(
            ProviderTypes types,
            PassthroughSwitches switches,
            Reach reach,
            Duration connectTimeout,
            TransportReader transports) {
        this.types = types;
        this.switches = switches;
        this.reach = reach;
        this.listener = reach.listener();
        this.connectTimeout = connectTimeout;
        this.transports = transports;
    }

    /** The providers read so far, in file order, without those that are disabled or wrong. */
    List<Provider> providers() {
        return providers;
    }

    /** How many entries are left out because the file says so. */
    int disabled() {
        return disabled;
    }

    void read(Section entry) {
        if (Boolean.FALSE.equals(entry.flag("enabled"))) {
            entry.warning("enabled", "this provider is disabled");
            disabled++;
            return;
        }
        String text = entry.name("model");
        ModelReference model = text == null ? null : ModelReference.parse(text);
        if (text != null && model == null) {
            entry.error("model", "must be <provider>/<model id>, or <provider>/* for all models of a provider");
        }
        Row row = model == null ? null : row(entry, model);
        // An entry that cannot become a provider still gets all its mistakes reported.
        Parts parts = parts(entry, row == null ? UNKNOWN : row);
        if (text == null || model == null || row == null) {
            return;
        }
        if ("".equals(model.id())) {
            entry.warning("model", "names no model behind the slash");
        }
        checkModel(entry, model, row.type());
        String name = name(entry, text.strip(), model);
        disabled += parts.credentials() == null ? 1 : 0;
        if (parts.url() != null && parts.credentials() != null) {
            providers.add(provider(name, model, row, parts));
        }
    }

    private static void checkModel(Section entry, ModelReference model, ProviderType type) {
        String id = model.isWildcard() ? model.prefix() + "x" : String.valueOf(model.id());
        boolean isInPath = type.pathTemplate().contains("{model}");
        String problem = isInPath ? PathSegment.problem(id) : null;
        if (id.chars().anyMatch(Character::isISOControl)) {
            entry.error("model", "holds a control character, such as a line break");
        } else if (problem != null) {
            entry.error("model", problem + ", and this provider has it in its URL");
        }
    }

    /** What an entry says, apart from which model it serves under which name. */
    private record Parts(
            @Nullable BaseUrl url,
            @Nullable String httpHost,
            @Nullable CredentialPolicy credentials,
            Headers headers,
            Timeouts timeouts,
            Transport transport,
            List<WireFormat> apis,
            ModelFacts facts,
            boolean isDefault,
            Set<String> forwardHeaders) {}

    private Parts parts(Section entry, Row row) {
        BaseUrl url = baseUrl(entry, row);
        return new Parts(
                url,
                httpHost(entry),
                new CredentialPolicyReader(entry, switches, patterns, reach).read(row),
                HeaderRows.read(entry.section("headers")),
                timeouts(entry),
                transports.read(entry, url),
                ProviderTypes.apis(entry, "apis"),
                ProviderTypes.facts(entry),
                isDefault(entry),
                HeaderRows.names(entry, "forward_headers"));
    }

    private Provider provider(String name, ModelReference model, Row row, Parts parts) {
        BaseUrl url = Objects.requireNonNull(parts.url());
        HostRow host = types.host(url.host());
        Endpoint endpoint = url.endpoint(pathPrefix(url, row.type(), host));
        boolean plain = row.plainPrefixes().contains(endpoint.pathPrefix());
        return new Provider(
                name,
                model.provider(),
                model.id(),
                model.prefix(),
                type(row, plain, parts.apis()).withFacts(parts.facts()),
                endpoint,
                parts.httpHost(),
                Objects.requireNonNull(parts.credentials()),
                merged(row.headers(), host.headers(), parts.headers()),
                parts.timeouts(),
                parts.transport(),
                parts.isDefault(),
                parts.forwardHeaders());
    }

    private ProviderType type(Row row, boolean plainPaths, List<WireFormat> apis) {
        ProviderType type = plainPaths ? row.type().withPlainPaths() : row.type();
        return apis.isEmpty() ? type : type.withApis(apis, types.vendorPlacements());
    }

    private @Nullable Row row(Section entry, ModelReference model) {
        Row own = types.row(model.provider());
        String interfaceId = entry.text("provider_interface");
        if (interfaceId == null) {
            if (own == null) {
                String hint = Spelling.hint(model.provider(), types.ids());
                entry.error(
                        "model",
                        "the provider in front of the slash is not known" + hint
                                + (hint.isEmpty() ? "; an unknown one needs base_url and provider_interface" : ""));
            }
            return own;
        }
        Row spoken = types.row(interfaceId);
        if (spoken == null) {
            entry.error(
                    "provider_interface",
                    "is not a known provider" + Spelling.hint(interfaceId, types.ids()) + "; known are "
                            + String.join(", ", types.ids()));
            return own;
        }
        if (own == null) {
            if (!entry.has("base_url")) {
                entry.error(
                        "base_url", "is missing; a provider that is not known needs base_url and provider_interface");
            }
            return spoken;
        }
        if (!own.is(Trait.INTERFACE_OPTIONAL)) {
            entry.error(
                    "provider_interface",
                    "the provider in front of the slash of model says this already; leave it out");
        }
        return own.type()
                        .placements()
                        .keySet()
                        .containsAll(spoken.type().placements().keySet())
                ? own
                : spoken;
    }

    private String name(Section entry, String text, ModelReference model) {
        String own = entry.name("name");
        String name = own != null ? own : text;
        Position here = own != null ? entry.position("name") : entry.position("model");
        Position first = names.putIfAbsent(name, here);
        if (first == null) {
            return name;
        }
        if (own == null && model.isWildcard()) {
            int number = 2;
            while (names.putIfAbsent(name + "#" + number, here) != null) {
                number++;
            }
            return name + "#" + number;
        }
        String where = " is taken by the entry in line " + first.line();
        if (own != null) {
            entry.error("name", "this name" + where + "; names must be unique");
        } else {
            entry.error("model", "this model" + where + "; give the entries different names to have both");
        }
        return name;
    }

    private @Nullable BaseUrl baseUrl(Section entry, Row row) {
        if (entry.has("base_url")) {
            BaseUrl url = BaseUrl.read(entry, "base_url");
            if (url != null && url.pointsAt(listener)) {
                entry.error(
                        "base_url",
                        "points at this gateway's own listener; requests would run in a circle. Give"
                                + " the listener or the provider another port");
            }
            return url;
        }
        URI own = row.type().baseUrl();
        if (own == null) {
            if (!row.equals(UNKNOWN)) {
                entry.error("base_url", "is missing; provider '" + row.type().id() + "' has no public address");
            }
            return null;
        }
        try {
            return BaseUrl.parse(own.toString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("checked when the row was read", e);
        }
    }

    private static String pathPrefix(BaseUrl url, ProviderType type, HostRow host) {
        if (!url.hasPath()) {
            return type.pathPrefix();
        }
        String replacement = host.pathPrefixes().get(url.path());
        return replacement != null ? replacement : url.path();
    }

    private static @Nullable String httpHost(Section entry) {
        String host = entry.text("http_host");
        if (host != null && !HTTP_HOST.matcher(host).matches()) {
            entry.error(
                    "http_host",
                    HeaderRows.hasControlCharacter(host)
                            ? "holds a control character, such as a line break"
                            : "must be a host name, with :port where needed and nothing else");
        }
        return host;
    }

    /** Later rows win. */
    private static Headers merged(Headers... rows) {
        Headers.Builder merged = Headers.builder();
        for (Headers headers : rows) {
            for (int i = 0; i < headers.size(); i++) {
                merged.set(headers.name(i), headers.value(i));
            }
        }
        return merged.build();
    }

    private Timeouts timeouts(Section entry) {
        Section own = entry.section("timeouts");
        return new Timeouts(
                orElse(own.duration("connect"), connectTimeout),
                orElse(own.duration("first_byte"), listener.timeout()),
                orElse(own.duration("idle"), listener.timeout()),
                own.duration("total"));
    }

    private static Duration orElse(@Nullable Duration value, Duration fallback) {
        return value != null ? value : fallback;
    }

    private boolean isDefault(Section entry) {
        if (!Boolean.TRUE.equals(entry.flag("default"))) {
            return false;
        }
        if (defaultAt != null) {
            entry.error("default", "there is a default in line " + defaultAt.line() + " already; only one can be");
        }
        defaultAt = defaultAt == null ? entry.position("default") : defaultAt;
        return true;
    }
}
