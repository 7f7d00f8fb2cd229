package io.plano.credential;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an account at a provider has beside its models. Whoever may use a key may use all of these; so a key of the
 * gateway's own serves none of them, unless the provider's row allows it by name: {@code allow: [files, batches]}. The
 * list is closed; what no other word covers is {@link #OTHER}.
 */
public enum AccountResource {
    /** Files and uploads: what others stored can be read and deleted. */
    FILES,
    /** Batches of requests, which may name any model of the account. */
    BATCHES,
    /** Answers of the Responses API that were stored. */
    STORED_RESPONSES,
    /** Chat completions that were stored. */
    STORED_COMPLETIONS,
    CONVERSATIONS,
    /** Training jobs, and the deletion of what they made. */
    FINE_TUNING,
    VECTOR_STORES,
    /** Assistants, their threads and runs. */
    ASSISTANTS,
    EVALS,
    CONTAINERS,
    VIDEOS,
    SKILLS,
    /** Realtime sessions, and the short-lived keys for them. */
    REALTIME,
    /** Organisations, projects, users, keys, usage. */
    ADMINISTRATION,
    /** Every other path, and every other method on the path of a model's surface. */
    OTHER;

    /** The word for it in configuration files. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The resource of that word; null where there is none. */
    public static @Nullable AccountResource of(String configName) {
        for (AccountResource resource : values()) {
            if (resource.configName().equals(configName)) {
                return resource;
            }
        }
        return null;
    }
}
