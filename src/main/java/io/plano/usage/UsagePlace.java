package io.plano.usage;

import org.jspecify.annotations.Nullable;

/** The objects of an answer on the way to its counts; all others are passed over. */
enum UsagePlace {
    /** The outermost object. */
    TOP,
    /** The object around {@code usage} in events: {@code response}, {@code message}. */
    WRAPPER,
    USAGE,
    INPUT_DETAILS,
    OUTPUT_DETAILS;

    /** The details that a member of {@code usage} holds; null where it holds none. */
    static @Nullable UsagePlace details(MemberKey key) {
        if (key.is("prompt_tokens_details") || key.is("input_tokens_details")) {
            return INPUT_DETAILS;
        }
        return key.is("completion_tokens_details") || key.is("output_tokens_details") ? OUTPUT_DETAILS : null;
    }
}
