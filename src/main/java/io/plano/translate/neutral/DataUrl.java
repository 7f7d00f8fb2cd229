package io.plano.translate.neutral;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@code data:[<media type>][;parameter…][;base64],<data>} (RFC 2397). */
public final class DataUrl {
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]+={0,2}");

    private DataUrl() {}

    /** The bytes in the URL, or null if it is malformed. */
    static Media.@Nullable Inline parse(String url) {
        int comma = url.indexOf(',');
        if (comma < 0) {
            return null;
        }
        String[] head = url.substring("data:".length(), comma).split(";", -1);
        String type = head[0].strip().toLowerCase(Locale.ROOT);
        boolean encoded = head[head.length - 1].strip().equalsIgnoreCase("base64");
        String data = url.substring(comma + 1);
        String base64 = encoded ? WHITE_SPACE.matcher(unescape(data)).replaceAll("") : toBase64(data);
        boolean valid = base64.isEmpty() ? !encoded : BASE64.matcher(base64).matches();
        return valid ? new Media.Inline(mediaType(type), base64) : null;
    }

    /** The URL that holds these bytes. */
    public static String of(Media.Inline media) {
        return "data:" + media.mediaType() + ";base64," + media.base64();
    }

    private static String mediaType(String type) {
        return switch (type) {
            case "" -> "text/plain";
            case "image/jpg" -> "image/jpeg"; // not registered, but common
            default -> type;
        };
    }

    private static String unescape(String data) {
        return data.indexOf('%') < 0 ? data : decode(data);
    }

    private static String toBase64(String data) {
        return Base64.getEncoder().encodeToString(decode(data).getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String data) {
        try {
            return URLDecoder.decode(data.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return data;
        }
    }
}
