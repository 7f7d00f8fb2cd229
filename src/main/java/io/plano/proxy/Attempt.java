package io.plano.proxy;

import io.plano.body.ByteSegments;
import io.plano.client.HeldBody;
import io.plano.credential.ResolvedCredential;
import io.plano.credential.SecretMask;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.proxy.answer.AnswerBody;
import io.plano.proxy.answer.AnswerHeads;
import io.plano.proxy.answer.AnswerTerms;
import io.plano.route.AttemptPlan;
import io.plano.route.Outcome;
import io.plano.route.Target;
import io.plano.route.Verdict;
import io.plano.translate.Translation;
import io.plano.upstream.UpstreamCall;
import io.plano.upstream.UpstreamListener;
import io.plano.upstream.Window;
import io.plano.usage.TokenUsage;
import io.plano.usage.UsageTap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One try at one target: whose credential it takes, how it is translated, what came of it. What the provider answers is
 * judged by the {@link AttemptPlan} before anything is committed or released; the accepted answer is an {@link
 * AnswerBody}'s. Called on the reactor thread of its connection, or, where no connection could be made, on the thread that
 * tried. A defect in it, an {@link Error} too, ends this exchange and never reaches that thread, which serves all others as
 * well.
 */
final class Attempt implements UpstreamListener, AttemptFacts {
    private final AttemptHost host;
    private final Exchange exchange;
    private final AttemptPlan plan;
    private final ResolvedCredential credential;
    private final SecretMask mask;

    private volatile @Nullable Translation translation;
    private @Nullable HeldBody body;
    private volatile @Nullable UpstreamCall call;
    private volatile boolean aborted;
    private volatile @Nullable String requestId;
    private volatile int status;
    private volatile UsageTap tap = UsageTap.NONE;

    // The thread of the answer alone.
    private @Nullable AnswerBody answer;
    private boolean over;

    Attempt(AttemptHost host, Exchange exchange, AttemptPlan plan, ResolvedCredential credential) {
        this.host = host;
        this.exchange = exchange;
        this.plan = plan;
        this.credential = credential;
        this.mask = exchange.snapshot.secrets().maskOf(plan.target().provider());
    }

    Exchange exchange() {
        return exchange;
    }

    Target target() {
        return plan.target();
    }

    ResolvedCredential credential() {
        return credential;
    }

    @Override
    public String providerName() {
        return target().provider().name();
    }

    @Override
    public String credentialSource() {
        return credential.source();
    }

    @Override
    public @Nullable String translatedTo() {
        Translation made = translation;
        return made == null ? null : made.upstream().format().configName();
    }

    @Override
    public @Nullable String model() {
        String model = target().model();
        return model != null ? model : exchange.modelAsked();
    }

    /** How it is translated; null if it goes out as it came. */
    @Nullable
    Translation translation() {
        return translation;
    }

    /** The status of the provider's answer; 0 if there is none yet. */
    int status() {
        return status;
    }

    @Override
    public @Nullable String requestId() {
        return requestId;
    }

    @Override
    public TokenUsage usage() {
        return tap.usage();
    }

    /** Step 8: the body in the provider's format; null if none is held. */
    @Nullable
    ByteSegments translate() {
        Translation made = RequestTranslator.translate(exchange, target());
        translation = made;
        if (made == null) {
            ByteSegments named = exchange.body.withModel(exchange.surface.namesModelInPath() ? null : target().model());
            Unwanted unwanted = RequestTranslator.unwanted(exchange, target());
            return named == null || unwanted == null ? named : exchange.body.without(unwanted, named);
        }
        exchange.body.written();
        return ByteSegments.of(made.encoded().body());
    }

    /** Notes what it sends, for the time that it takes. */
    void sends(@Nullable HeldBody held) {
        body = held;
    }

    /** It is on its way. It may have been aborted meanwhile, on another thread: one of the two sees the other. */
    void began(UpstreamCall running) {
        call = running;
        if (aborted) {
            running.abort();
        }
    }

    @Override
    public void abort() {
        aborted = true;
        UpstreamCall running = call;
        if (running != null) {
            running.abort();
        }
    }

    /** A refusal goes on to the connection, which then reads no more of the head. */
    @Override
    public void headGrew(int bytes) {
        try {
            if (!over) {
                exchange.headGrew(bytes);
            }
        } catch (GatewayException refusal) {
            throw refusal;
        } catch (Throwable defect) {
            breakDown(defect);
        }
    }

    @Override
    public void head(int answered, Headers headers, Content content) {
        try {
            if (!over) {
                judge(answered, headers, content);
            }
        } catch (Throwable defect) {
            breakDown(defect);
        }
    }

    // 10. Nothing is committed or released before the plan has decided.
    private void judge(int answered, Headers headers, Content content) {
        status = answered;
        host.onAnswer(this);
        if (plan.judge(new Outcome.Answered(answered)) instanceof Verdict.Next next) {
            over = true;
            abort();
            host.goOn(exchange, next.plan());
            return;
        }
        // 11. From here on there is no other target.
        exchange.body.release(body);
        body = null;
        Headers masked = mask.mask(headers);
        requestId = AnswerHeads.requestId(masked);
        tap = tap(answered, masked);
        Translation made = translation;
        AnswerTerms terms = new AnswerTerms(
                exchange.recipient,
                answered,
                made,
                credential.credential() != null,
                mask,
                host.pseudonym(),
                host.workers());
        AnswerBody accepted = AnswerBody.of(terms);
        answer = accepted;
        accepted.head(answered, masked, content);
    }

    /** Who reads along; nobody if there is no memory for it, since an answer is worth more than its price. */
    private UsageTap tap(int answered, Headers headers) {
        if (answered / 100 != 2) {
            return UsageTap.NONE;
        }
        Translation made = translation;
        String type = headers.first("Content-Type");
        List<String> codings = headers.all("Content-Encoding");
        UsageTap reader = made == null
                ? UsageTap.of(exchange.surface, type, codings)
                : UsageTap.of(made.upstream().format(), type, codings);
        return exchange.holding().reserve(reader.heldBytes()) ? reader : UsageTap.NONE;
    }

    // 12. Bytes as they come.
    @Override
    public void data(ByteBuffer bytes) {
        try {
            AnswerBody accepted = answer;
            if (!over && accepted != null) {
                tap.accept(bytes);
                accepted.data(bytes);
                return;
            }
        } catch (Throwable defect) {
            breakDown(defect);
        }
        bytes.position(bytes.limit()); // all of them must be taken
    }

    @Override
    public void paused() {
        try {
            AnswerBody accepted = answer;
            if (!over && accepted != null) {
                accepted.paused();
            }
        } catch (Throwable defect) {
            breakDown(defect);
        }
    }

    @Override
    public void windowSpent(Window window) throws IOException {
        try {
            AnswerBody accepted = answer;
            if (!over && accepted != null) {
                accepted.windowSpent(window);
            }
        } catch (Throwable defect) {
            breakDown(defect);
        }
    }

    @Override
    public void end() {
        try {
            AnswerBody accepted = answer;
            if (!over && accepted != null) {
                tap.end();
                accepted.end();
            }
        } catch (Throwable defect) {
            breakDown(defect);
        }
    }

    @Override
    public void failed(GatewayException failure) {
        try {
            AnswerBody accepted = answer;
            if (over) {
                return;
            }
            host.onFailure(this, failure.kind());
            if (accepted != null) {
                tap.end();
                accepted.failed(failure);
            } else if (plan.judge(new Outcome.Failed(failure.kind())) instanceof Verdict.Next next) {
                over = true;
                host.goOn(exchange, next.plan());
            } else {
                exchange.refuse(failure);
            }
        } catch (Throwable defect) {
            breakDown(defect);
        }
    }

    private void breakDown(Throwable defect) {
        over = true;
        exchange.breakDown(defect);
    }
}
