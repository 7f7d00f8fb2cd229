package io.plano.provider;

import java.net.URI;

/**
 * Where a provider listens. Two providers on one host with different ports, schemes or paths are two endpoints.
 *
 * @param scheme {@code http} or {@code https}
 * @param host a DNS name in lower case or an IP address, IPv6 without brackets
 * @param port 1 to 65535
 * @param pathPrefix put before the operation's path; starts with a slash, ends without; empty for none
 */
public record Endpoint(String scheme, String host, int port, String pathPrefix) {

    /** The endpoint of an absolute http or https URI, which the caller has validated. */
    public static Endpoint of(URI uri, String pathPrefix) {
        boolean secure = uri.getScheme().equalsIgnoreCase("https");
        String host = uri.getHost();
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        int port = uri.getPort() != -1 ? uri.getPort() : secure ? 443 : 80;
        return new Endpoint(secure ? "https" : "http", bare.toLowerCase(java.util.Locale.ROOT), port, pathPrefix);
    }

    public boolean isSecure() {
        return scheme.equals("https");
    }

    /** The {@code Host} value for this endpoint: the port is left out where it is the scheme's own (RFC 9110 §7.2). */
    public String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (isSecure() ? 443 : 80) ? name : name + ":" + port;
    }
}
