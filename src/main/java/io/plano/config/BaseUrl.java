package io.plano.config;

import io.plano.config.yaml.Section;
import io.plano.provider.Endpoint;
import io.plano.snapshot.Listener;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A checked {@code base_url}. Parts that could smuggle a credential or a target are refused (R34). Hosts may have
 * underscores, which {@link URI#getHost} does not allow and container networks are full of.
 *
 * @param host in lower case, IPv6 without brackets
 * @param path starts with a slash and ends without; empty for none
 */
record BaseUrl(String scheme, String host, int port, String path) {
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final List<String> LOCAL = List.of("localhost", "0.0.0.0", "::", "::1", "0:0:0:0:0:0:0:1");

    /** The URL under the key; null, with the problem reported, where it is not one, and null where there is none. */
    static @Nullable BaseUrl read(Section section, String key) {
        String text = section.text(key);
        if (text == null) {
            return null;
        }
        try {
            return parse(text.strip());
        } catch (URISyntaxException e) {
            // Only the reason: the input may hold a password.
            section.error(key, e.getReason());
            return null;
        }
    }

    static BaseUrl parse(String text) throws URISyntaxException {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw refusal("is not a valid URL; write http://host:port or https://host/path");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme) || uri.getRawAuthority() == null) {
            throw refusal("must be a URL that starts with http:// or https://");
        }
        if (uri.getRawAuthority().contains("@")) {
            throw refusal("must not hold a user name or password; use access_key");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw refusal("must not have a query or a fragment");
        }
        return of(scheme, uri);
    }

    private static BaseUrl of(String scheme, URI uri) throws URISyntaxException {
        Matcher authority = AUTHORITY.matcher(uri.getRawAuthority());
        if (!authority.matches() || (uri.getHost() == null && authority.group(1).startsWith("["))) {
            throw refusal("has no valid host and port");
        }
        String host = authority.group(1).toLowerCase(Locale.ROOT);
        int port = authority.group(2) == null ? defaultPort(scheme) : Integer.parseInt(authority.group(2));
        if (port < 1 || port > 65_535) {
            throw refusal("has a port that is not from 1 to 65535");
        }
        return new BaseUrl(scheme, host.replaceAll("[\\[\\]]", ""), port, path(uri.getRawPath()));
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    private static String path(String raw) throws URISyntaxException {
        String path = raw.replaceAll("/+$", "");
        String problem = PathRules.problem(path);
        if (problem != null) {
            throw refusal(problem);
        }
        return path;
    }

    private static URISyntaxException refusal(String reason) {
        return new URISyntaxException("", reason);
    }

    boolean hasPath() {
        return !path.isEmpty();
    }

    Endpoint endpoint(String pathPrefix) {
        return new Endpoint(scheme, host, port, pathPrefix);
    }

    /** Whether requests there would come back to this listener (R10), as far as that shows without asking DNS. */
    boolean pointsAt(Listener listener) {
        if (port != listener.port()) {
            return false;
        }
        String address = listener.address().toLowerCase(Locale.ROOT);
        return host.equals(address) || (isLocal(host) && isLocal(address));
    }

    /** Whether the host is this machine, as far as that shows without asking DNS. */
    boolean isLocal() {
        return isLocal(host);
    }

    /** Whether a listener at that address is reached from this machine alone; 0.0.0.0 is reached by all. */
    static boolean isLoopback(String address) {
        String host = address.toLowerCase(Locale.ROOT);
        return isLocal(host) && !host.equals("0.0.0.0") && !host.equals("::");
    }

    private static boolean isLocal(String host) {
        return LOCAL.contains(host) || host.startsWith("127.") || host.endsWith(".localhost");
    }
}
