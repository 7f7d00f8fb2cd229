package io.plano.translate.neutral;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that the model may call. */
public sealed interface Tool {
    /**
     * A function of the client.
     *
     * @param parameters its JSON Schema, member order kept; null if it takes none
     * @param strict whether its arguments follow the schema to the letter; null if the client does not say, which means
     *     true in Responses and false elsewhere: a decoder of Responses resolves it
     */
    record Function(
            String name,
            @Nullable String description,
            @Nullable JsonNode parameters,
            @Nullable Boolean strict,
            Extras extras)
            implements Tool {}

    /**
     * A tool of the client that takes free text.
     *
     * @param format {@code {"type":"grammar","syntax","definition"}} in one object, however the client nested it; null for
     *     any text
     */
    record Custom(
            String name,
            @Nullable String description,
            @Nullable JsonNode format,
            Extras extras) implements Tool {
        public Custom {
            format = flat(format);
        }
    }

    /**
     * A search that the provider runs: all three APIs have one.
     *
     * @param contextSize {@code low}, {@code medium}, {@code high}; null if the client does not say
     * @param maxUses the most searches; null for no limit
     * @param location the approximate place of the user as a flat object {@code {city, region, country, timezone}}, or null
     */
    record WebSearch(
            @Nullable String contextSize,
            @Nullable Long maxUses,
            List<String> allowedDomains,
            List<String> blockedDomains,
            @Nullable JsonNode location,
            Extras extras)
            implements Tool {
        public WebSearch {
            allowedDomains = List.copyOf(allowedDomains);
            blockedDomains = List.copyOf(blockedDomains);
        }
    }

    /** A tool that only its own format knows. */
    record Native(WireFormat source, JsonNode value, Loss loss) implements Tool {}

    private static @Nullable JsonNode flat(@Nullable JsonNode format) {
        if (format == null || !(format.get("grammar") instanceof ObjectNode grammar)) {
            return format;
        }
        ObjectNode flat = grammar.objectNode();
        flat.set("type", format.get("type"));
        return flat.setAll(grammar);
    }
}
