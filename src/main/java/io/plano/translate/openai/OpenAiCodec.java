package io.plano.translate.openai;

import io.plano.translate.ApiCodec;
import io.plano.translate.neutral.UpstreamError;

/** What the codecs of OpenAI's formats have in common: errors. */
public abstract class OpenAiCodec implements ApiCodec {
    @Override
    public final int status(UpstreamError error) {
        return OpenAiErrors.status(error);
    }

    @Override
    public final byte[] encodeError(UpstreamError error, String requestId) {
        return OpenAiErrors.body(error);
    }
}
