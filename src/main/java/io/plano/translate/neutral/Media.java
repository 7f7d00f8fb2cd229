package io.plano.translate.neutral;

import org.jspecify.annotations.Nullable;

/** Where the bytes of an image or a file are. */
public sealed interface Media {
    /**
     * In the request itself.
     *
     * @param mediaType such as {@code image/png}, lower case, without parameters
     * @param base64 the bytes, without white space
     */
    record Inline(String mediaType, String base64) implements Media {}

    /** Text in the request itself, as it is. */
    record PlainText(String mediaType, String text) implements Media {}

    /** Behind a URL that the provider fetches. */
    record Remote(String url) implements Media {}

    /** Uploaded to the provider before; the id means nothing elsewhere. */
    record Uploaded(String fileId) implements Media {}

    /** The media type if it is known. */
    default @Nullable String knownType() {
        if (this instanceof Inline inline) {
            return inline.mediaType();
        }
        return this instanceof PlainText text ? text.mediaType() : null;
    }

    /**
     * What a URL stands for: the bytes that a {@code data:} URL (RFC 2397) holds, or something to fetch.
     *
     * @return null if a {@code data:} URL is malformed
     */
    static @Nullable Media ofUrl(String url) {
        return url.regionMatches(true, 0, "data:", 0, 5) ? DataUrl.parse(url) : new Remote(url);
    }
}
