package io.plano.translate;

import io.plano.provider.CompletionsQuirks;

/**
 * What a request is written for.
 *
 * @param model the model's name there
 * @param quirks how that upstream's Chat Completions differ from OpenAI's
 */
public record UpstreamModel(String model, CompletionsQuirks quirks) {}
