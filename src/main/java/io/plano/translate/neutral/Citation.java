package io.plano.translate.neutral;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import org.jspecify.annotations.Nullable;

/**
 * A source for a stretch of the answer's text.
 *
 * @param source the format that it came in
 * @param value as it came, for clients of the same format
 * @param url the web page, or null if the source is none (a document of the request): only web pages cross formats
 * @param title the page's title, or null
 * @param start first character of the stretch, in code points from the start of the answer's text; -1 for the start of the
 *     text block that is open
 * @param end behind its last character; -1 for the end of the text block that is open
 */
public record Citation(
        WireFormat source,
        JsonNode value,
        @Nullable String url,
        @Nullable String title,
        int start,
        int end) {}
