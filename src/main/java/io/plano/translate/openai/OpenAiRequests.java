package io.plano.translate.openai;

import io.plano.translate.MemberReader;
import io.plano.translate.neutral.Account;

/** Reads what requests of Chat Completions and Responses spell alike. Stateless. */
public final class OpenAiRequests {
    private OpenAiRequests() {}

    public static Account account(MemberReader request) {
        return new Account(
                request.string("user"),
                request.string("safety_identifier"),
                request.any("metadata"),
                request.string("service_tier"),
                request.string("prompt_cache_key"),
                request.bool("store"));
    }
}
