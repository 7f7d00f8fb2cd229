package io.plano.config;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code NO_PROXY}, of which there is no standard; this is what most programs understand. Entries are separated by
 * commas or blanks: {@code example.com} and {@code .example.com} mean that host and all below it, {@code *} means all
 * hosts, an IP address itself, {@code 10.0.0.0/8} a network; each may end with a port. An entry that is none of these
 * matches nothing.
 */
final class ProxyExceptions {
    private static final Pattern ENTRY =
            Pattern.compile("(\\[[^]]+]|[^:]+|[^\\[]*:[^\\[]*:[^\\[]*?)(?::([0-9]{1,5}))?");
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
    private static final Pattern ADDRESS =
            Pattern.compile(OCTET + "(\\." + OCTET + "){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
    private static final Pattern PREFIX_LENGTH = Pattern.compile("/([0-9]{1,3})$");

    private record Entry(String name, @Nullable Integer port) {}

    private final List<Entry> entries;

    private ProxyExceptions(List<Entry> entries) {
        this.entries = entries;
    }

    static ProxyExceptions parse(String list) {
        List<Entry> entries = new ArrayList<>();
        for (String item : SEPARATOR.split(list.toLowerCase(Locale.ROOT), 0)) {
            Matcher matcher = isAddress(item) ? null : ENTRY.matcher(item);
            if (matcher == null) {
                entries.add(new Entry(item, null));
            } else if (matcher.matches()) {
                String name = matcher.group(1).replaceAll("[\\[\\]]", "").replaceFirst("^\\*?\\.", "");
                entries.add(new Entry(name, matcher.group(2) == null ? null : Integer.valueOf(matcher.group(2))));
            }
        }
        return new ProxyExceptions(entries);
    }

    /** @param host in lower case, IPv6 without brackets */
    boolean match(String host, int port) {
        return entries.stream()
                .anyMatch(entry -> (entry.port() == null || entry.port() == port) && covers(entry.name(), host));
    }

    private static boolean covers(String name, String host) {
        if (name.equals("*") || name.equals(host)) {
            return true;
        }
        if (isAddress(host)) {
            return isInNetwork(name, host);
        }
        return host.endsWith("." + name);
    }

    private static boolean isInNetwork(String network, String host) {
        Matcher prefix = PREFIX_LENGTH.matcher(network);
        String base = prefix.replaceFirst("");
        byte[] own = bytes(host);
        byte[] other = bytes(base);
        if (own == null || other == null || own.length != other.length) {
            return false;
        }
        int bits = own.length * 8;
        int length = prefix.reset().find() ? Math.min(bits, Integer.parseInt(prefix.group(1))) : bits;
        BigInteger difference = new BigInteger(1, own).xor(new BigInteger(1, other));
        return difference.shiftRight(bits - length).signum() == 0;
    }

    private static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    /** Null for what is no address literal: a name must not be looked up here. */
    private static byte @Nullable [] bytes(String literal) {
        if (!isAddress(literal)) {
            return null;
        }
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
