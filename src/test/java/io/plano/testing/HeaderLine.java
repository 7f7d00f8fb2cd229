package io.plano.testing;

/**
 * One header line as it stood on the wire.
 *
 * @param name everything before the colon, in its original case and with its blanks; the whole line when there is no
 *     colon
 * @param value everything after the colon, without surrounding blanks
 */
public record HeaderLine(String name, String value) {

    static HeaderLine parse(String line) {
        int colon = line.indexOf(':');
        return colon < 0
                ? new HeaderLine(line, "")
                : new HeaderLine(
                        line.substring(0, colon), line.substring(colon + 1).strip());
    }

    boolean isNamed(String other) {
        return name.equalsIgnoreCase(other);
    }
}
