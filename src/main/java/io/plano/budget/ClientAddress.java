package io.plano.budget;

/** Who counts as one client: an IPv4 address, or the network of an IPv6 address. */
final class ClientAddress {
    private static final int NETWORK_GROUPS = 4;

    private ClientAddress() {}

    /** The name under which a client's memory is written down. */
    static String clientOf(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        String plain = address.startsWith("[") ? address.substring(1) : address;
        StringBuilder network = new StringBuilder(20);
        int group = 0;
        for (int at = 0; group < NETWORK_GROUPS && at < plain.length(); group++) {
            int end = plain.indexOf(':', at);
            if (end == at || end < 0) {
                break; // "::" stands for zeros
            }
            network.append(plain, at, end).append(':');
            at = end + 1;
        }
        return network.toString();
    }
}
