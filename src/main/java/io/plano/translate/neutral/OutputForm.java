package io.plano.translate.neutral;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The form of the answer.
 *
 * @param kind null if the client does not say
 * @param schema with {@link Kind#JSON_SCHEMA}: what the answer must follow
 * @param verbosity {@code low}, {@code medium}, {@code high}; null if the client does not say
 */
public record OutputForm(
        @Nullable Kind kind,
        @Nullable Schema schema,
        @Nullable String verbosity) {
    public static final OutputForm UNSAID = new OutputForm(null, null, null);

    /** What an answer is. */
    public enum Kind {
        TEXT,
        /** Some JSON object. */
        JSON_OBJECT,
        /** JSON that follows a schema. */
        JSON_SCHEMA
    }

    /**
     * What the JSON must look like.
     *
     * @param name null if the format has none (Messages)
     * @param schema a JSON Schema, member order kept
     */
    public record Schema(
            @Nullable String name,
            @Nullable String description,
            JsonNode schema,
            @Nullable Boolean strict) {}
}
