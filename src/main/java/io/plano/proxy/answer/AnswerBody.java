package io.plano.proxy.answer;

import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.translate.Translation;
import io.plano.upstream.UpstreamListener.Content;
import io.plano.upstream.Window;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What becomes of an accepted answer on its way to the client: {@code head (data | paused)* end}, or {@code failed} at any
 * point behind the head, after which nothing comes. Called on the reactor thread of the attempt, in the words of {@link
 * io.plano.upstream.UpstreamListener}.
 */
public sealed interface AnswerBody permits IdentityAnswer, TranslatedAnswer {
    /** That of an answer that has been accepted. */
    static AnswerBody of(AnswerTerms terms) {
        Translation translation = terms.translation();
        return translation == null ? new IdentityAnswer(terms) : new TranslatedAnswer(terms, translation);
    }

    /**
     * @param headers without the gateway's secrets
     */
    void head(int status, Headers headers, Content content);

    /** All of the bytes are to be taken. */
    void data(ByteBuffer bytes);

    void paused();

    void windowSpent(Window window) throws IOException;

    void end();

    void failed(GatewayException failure);
}
