package io.plano.body;

import org.jspecify.annotations.Nullable;

/**
 * What routing needs to know of a request body, found without building a tree: the model that the client names, and
 * whether it asks for a stream. Positions are only good for the body that was scanned.
 */
public sealed interface BodyScan permits ModelScan, MultipartScan {
    /** Longest model name in bytes as sent; names travel into logs and error messages. */
    int MAX_MODEL_BYTES = 4096;

    /** The model that the body names, or null where it names none. */
    @Nullable
    String model();

    /** Whether the body literally asks for a stream. */
    boolean stream();

    /**
     * The body with another model and every other byte as it was (R59). A body that names none gets it as a member, or a
     * part, in front of all others.
     *
     * @param body the body that was scanned
     * @throws IllegalStateException where the body has no place for one
     * @throws IllegalArgumentException where the body's format cannot hold that name
     */
    ByteSegments withModel(ByteSegments body, String newModel);
}
