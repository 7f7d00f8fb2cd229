package io.plano.config;

import io.plano.config.yaml.Position;
import io.plano.config.yaml.Problems;
import io.plano.config.yaml.Section;
import io.plano.credential.Credential;
import io.plano.provider.EgressProxy;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which egress proxy stands before which provider: the entry's {@code proxy}, or else what the environment says in
 * {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, or their lower-case forms where those are not set. A
 * loopback address has no proxy but one that its own entry names. Used for one file.
 */
final class EgressProxies {
    private static final String PROXY = "proxy";
    private static final String NONE = "none";
    private static final String WANTED = "must be http://host:port, with user:password@ before the host where needed";

    private static final Pattern URL = Pattern.compile(
            "(?:(?i:http)://)?(?:([^@/?#\\s]*)@)?" + "(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?/?");

    private static final int DEFAULT_PORT = 80;

    private final Map<String, String> environment;
    private final ProxyExceptions exceptions;
    private final Problems problems;

    EgressProxies(Map<String, String> environment, Problems problems) {
        this.environment = environment;
        this.exceptions = ProxyExceptions.parse(variable("NO_PROXY"));
        this.problems = problems;
    }

    /** The proxy for a provider; null for none, and, with the problem reported, for one that is wrong. */
    @Nullable
    EgressProxy read(Section entry, BaseUrl target) {
        if (!entry.has(PROXY)) {
            return fromEnvironment(target);
        }
        String text = entry.text(PROXY);
        if (text == null || text.strip().equals(NONE)) {
            return null;
        }
        // The environment's habit of leaving the scheme out is none of a file's.
        EgressProxy proxy = text.contains("://") ? parse(text.strip()) : null;
        if (proxy == null) {
            entry.error(PROXY, WANTED + ", or none");
        }
        return proxy;
    }

    private @Nullable EgressProxy fromEnvironment(BaseUrl target) {
        String name = target.scheme().equals("https") ? "HTTPS_PROXY" : "HTTP_PROXY";
        String value = variable(name);
        if (value.isEmpty() || target.isLocal() || exceptions.match(target.host(), target.port())) {
            return null;
        }
        EgressProxy proxy = parse(value);
        if (proxy == null) {
            problems.error(Position.START, "", "environment variable " + name + " " + WANTED);
        }
        return proxy;
    }

    private String variable(String name) {
        String upper = environment.getOrDefault(name, "").strip();
        return upper.isEmpty()
                ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "").strip()
                : upper;
    }

    static @Nullable EgressProxy parse(String url) {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            return null;
        }
        int port = matcher.group(3) == null ? DEFAULT_PORT : Integer.parseInt(matcher.group(3));
        String userInfo = matcher.group(1);
        if (port < 1 || port > 65_535) {
            return null;
        }
        try {
            String host = matcher.group(2).replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
            return new EgressProxy(host, port, userInfo == null ? null : basic(userInfo));
        } catch (IllegalArgumentException e) { // a percent sign that encodes nothing
            return null;
        }
    }

    /** RFC 7617: the octets of user and password in UTF-8, with a colon even where there is no password. */
    private static @Nullable Credential basic(String userInfo) {
        int colon = userInfo.indexOf(':');
        String user = decode(colon < 0 ? userInfo : userInfo.substring(0, colon));
        String password = colon < 0 ? "" : decode(userInfo.substring(colon + 1));
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return Credential.parseAuthorization("Basic " + Base64.getEncoder().encodeToString(pair));
    }

    private static String decode(String text) {
        // A plus sign is one in a URL's user information, unlike in a form.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
