package io.plano.upstream.http1;

import io.plano.http.HeaderAdmission;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.BasicLineParser;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * The lines of a provider's head, to the same rules as in HTTP/2: a name is a token, a value holds nothing that ends a line,
 * a length is digits. HttpCore's reader would pass any name on, and takes {@code +2} for a length. White space between a
 * name and its colon is removed, as a proxy must (RFC 9112 §5.1); white space in front of the first field is refused (§2.2);
 * folded lines have been unfolded (§5.2). Stateless.
 */
final class StrictLines extends BasicLineParser {
    private static final int MAX_LENGTH_DIGITS = 18;

    @Override
    public Header parseHeader(CharArrayBuffer line) throws ParseException {
        int colon = line.indexOf(':');
        int end = colon;
        while (end > 0 && isBlank(line.charAt(end - 1))) {
            end--;
        }
        String name = line.substring(0, Math.max(end, 0));
        String value = line.substringTrimmed(colon + 1, line.length());
        if (!HeaderAdmission.isFieldName(name) || !HeaderAdmission.isFieldValue(value)) {
            throw new ParseException("a line that is no header field");
        }
        return new BasicHeader(name, value);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /**
     * @throws ProtocolException where the length of the body could be read in two ways
     */
    static void checkLength(HttpResponse head) throws ProtocolException {
        String length = null;
        for (Header field : head.getHeaders("Content-Length")) {
            String value = field.getValue();
            if (!isNumber(value) || (length != null && !length.equals(value))) {
                throw new ProtocolException("an ambiguous length");
            }
            length = value;
        }
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MAX_LENGTH_DIGITS;
    }
}
