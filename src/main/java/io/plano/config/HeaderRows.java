package io.plano.config;

import io.plano.config.yaml.Section;
import io.plano.config.yaml.YamlNode.Scalar;
import io.plano.credential.CredentialSlot;
import io.plano.http.HeaderRules;
import io.plano.http.Headers;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code headers}: fixed headers that are safe to send and leave credentials alone (R19, R47). */
final class HeaderRows {
    private static final int MAX_HEADERS = 100;

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** Fields that the gateway computes for every request itself (RFC 9110 §7.6.1, RFC 9112 §6). */
    private static final Set<String> OWN = Set.of(
            "connection",
            "content-length",
            "expect",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "via");

    private HeaderRows() {}

    /** The headers of a section whose keys are header names; those with an empty value are left out. */
    static Headers read(Section section) {
        Headers.Builder headers = Headers.builder();
        if (section.keys().size() > MAX_HEADERS) {
            section.problems()
                    .error(
                            section.position(),
                            section.path(),
                            "more than " + MAX_HEADERS + " headers; no server takes so many");
            return Headers.EMPTY;
        }
        for (String name : section.keys()) {
            String value = section.text(name);
            if (isNameAllowed(section, name) && value != null && isValueAllowed(section, name, value)) {
                headers.set(name, value.strip());
            }
        }
        return headers.build();
    }

    /**
     * The names, in lower case, in the list under that key: fields of the client that a provider gets although they look
     * like credentials or identities.
     */
    static Set<String> names(Section section, String key) {
        Set<String> names = new LinkedHashSet<>();
        List<Scalar> scalars = section.scalars(key);
        for (int i = 0; i < scalars.size(); i++) {
            String name = scalars.get(i).text().strip();
            String refusal = CredentialSlot.ofHeader(name) != null
                    ? "is where credentials for providers are; passthrough_auth forwards them"
                    : HeaderRules.refusalToList(name);
            if (refusal != null) {
                section.problems().error(scalars.get(i).position(), section.path(key) + "[" + i + "]", refusal);
            } else {
                names.add(name.toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    private static boolean isNameAllowed(Section section, String name) {
        String folded = name.toLowerCase(Locale.ROOT);
        if (!TOKEN.matcher(name).matches()) {
            section.error(name, "is not a valid header name");
        } else if (CredentialSlot.ofHeader(name) != null || folded.equals("proxy-authorization")) {
            section.error(name, "headers must not set a credential; use access_key or passthrough_auth");
        } else if (folded.equals("host")) {
            section.error(name, "the Host header is set by http_host");
        } else if (OWN.contains(folded)) {
            section.error(name, "the gateway sets this header itself");
        } else {
            return true;
        }
        return false;
    }

    private static boolean isValueAllowed(Section section, String name, String value) {
        if (hasControlCharacter(value)) {
            section.error(name, "holds a control character, such as a line break");
            return false;
        }
        if (value.chars().anyMatch(character -> character > 0xff)) {
            section.error(name, "holds a character that no header can carry; use ISO-8859-1");
            return false;
        }
        return !value.isBlank();
    }

    /** Whether a value could end its header line and begin another (RFC 9110 §5.5); tabs are harmless. */
    static boolean hasControlCharacter(String value) {
        return value.chars().anyMatch(character -> (character < 0x20 && character != '\t') || character == 0x7f);
    }
}
