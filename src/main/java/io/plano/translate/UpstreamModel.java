package io.plano.translate;

import io.plano.provider.CompletionsQuirks;
import io.plano.provider.ModelFacts;
import io.plano.provider.ModelTable;

/**
 * What a request is written for.
 *
 * @param model the model's name there
 * @param quirks how that upstream's Chat Completions differ from OpenAI's
 * @param provider the id of the provider: what it keeps in the conversation goes back to it and to no other
 * @param facts what is known of the model
 */
public record UpstreamModel(String model, CompletionsQuirks quirks, String provider, ModelFacts facts) {
    /** A model of any provider, of which is known what the table knows. */
    public UpstreamModel(String model, CompletionsQuirks quirks) {
        this(model, quirks, "", ModelTable.of("", model));
    }
}
