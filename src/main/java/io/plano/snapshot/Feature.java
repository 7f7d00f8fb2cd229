package io.plano.snapshot;

/** What a file switches on. */
public enum Feature {
    /** {@code overrides.estimate_count_tokens}: an estimate where a provider cannot count the tokens of a request. */
    ESTIMATE_COUNT_TOKENS
}
