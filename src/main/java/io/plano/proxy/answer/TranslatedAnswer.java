package io.plano.proxy.answer;

import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.translate.Translation;
import io.plano.upstream.UpstreamListener.Content;
import io.plano.upstream.Window;
import java.nio.ByteBuffer;

/**
 * An answer in another format, translated on its way to the client by a {@link TranslatedRelay}: here on the reactor thread
 * as long as every step is short and its memory at hand; from the first one on that is not, all steps are a worker's.
 */
final class TranslatedAnswer implements AnswerBody {
    private final Recipient recipient;
    private final TranslatedRelay answer;
    private final OrderedSteps steps;

    TranslatedAnswer(AnswerTerms terms, Translation translation) {
        this.recipient = terms.recipient();
        this.answer = new TranslatedRelay(terms, translation);
        this.steps = new OrderedSteps(recipient.holding(), terms.workers(), answer::failed);
    }

    @Override
    public void head(int status, Headers headers, Content content) {
        answer.head(status, headers);
    }

    @Override
    public void data(ByteBuffer bytes) {
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        if (!steps.hasBegun() && !answer.takesLong(piece.length) && reserve(answer.needs(piece.length))) {
            answer.data(piece);
        } else {
            steps.add(new Data(piece));
        }
    }

    private boolean reserve(long bytes) {
        if (bytes == 0) {
            return true;
        }
        if (!recipient.holding().reserve(bytes)) {
            return false;
        }
        answer.reserved(bytes);
        return true;
    }

    private final class Data implements OrderedSteps.Step {
        private final byte[] piece;

        private Data(byte[] piece) {
            this.piece = piece;
        }

        @Override
        public long needs() {
            return answer.needs(piece.length);
        }

        @Override
        public void take(long reserved) {
            answer.reserved(reserved);
            answer.data(piece);
        }
    }

    @Override
    public void paused() {
        if (steps.hasBegun()) {
            steps.add(answer::paused);
        } else {
            answer.paused();
        }
    }

    @Override
    public void windowSpent(Window window) {
        if (steps.hasBegun()) {
            steps.add(() -> answer.windowSpent(window));
        } else {
            answer.windowSpent(window);
        }
    }

    @Override
    public void end() {
        if (!steps.hasBegun() && !answer.takesLong(0) && reserve(answer.needsAtEnd())) {
            answer.end();
        } else {
            steps.add(new End());
        }
    }

    private final class End implements OrderedSteps.Step {
        @Override
        public long needs() {
            return answer.needsAtEnd();
        }

        @Override
        public void take(long reserved) {
            answer.reserved(reserved);
            answer.end();
        }
    }

    @Override
    public void failed(GatewayException failure) {
        if (steps.hasBegun()) {
            steps.add(() -> answer.failed(failure));
        } else {
            answer.failed(failure);
        }
    }
}
