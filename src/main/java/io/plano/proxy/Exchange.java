package io.plano.proxy;

import io.plano.budget.Holding;
import io.plano.client.ClientSide;
import io.plano.client.ResponseBridge;
import io.plano.client.ResponseOwner;
import io.plano.credential.Caller;
import io.plano.credential.ResolvedCredential;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.failure.Guard;
import io.plano.http.RequestHead;
import io.plano.http.RequestTarget;
import io.plano.http.WholeAnswer;
import io.plano.observe.ExchangeRecord;
import io.plano.observe.LogNames;
import io.plano.provider.ApiDialect;
import io.plano.provider.Surface;
import io.plano.proxy.answer.Causes;
import io.plano.proxy.answer.LocalAnswers;
import io.plano.proxy.answer.Recipient;
import io.plano.proxy.answer.Refusals;
import io.plano.route.Asked;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.usage.TokenUsage;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request with its answer: who asks, what is asked, and how it ends. What belongs to one try at one target is its
 * {@link Attempt}'s. One step owns it at a time, and each step starts when the one before has ended, on whichever thread
 * that was; only {@link #closed} and what it reads may meet a step that is still running.
 */
final class Exchange implements ResponseOwner {
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    /**
     * What is known before the client's side is open.
     *
     * @param id the client's {@code x-request-id}, or one of ours
     * @param snapshot the configuration that it keeps
     * @param holding what it holds in memory
     */
    record Opening(String id, GatewaySnapshot snapshot, RequestHead head, Recognised recognised, Holding holding) {}

    final String id;
    final long startNanos = System.nanoTime();
    final GatewaySnapshot snapshot;
    final ClientSide client;
    final Surface surface;
    final ApiDialect dialect;
    final ClientBody body;
    final Recipient recipient;
    private final Opening opening;
    private final Consumer<Exchange> onClosed;

    private @Nullable Asked asked;
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile @Nullable AttemptFacts prepared;
    private volatile @Nullable AttemptFacts sent;
    private volatile boolean over;
    private @Nullable GatewayException outcome;

    Exchange(Opening opening, ClientSide client, Consumer<Exchange> onClosed) {
        this.opening = opening;
        this.id = opening.id();
        this.snapshot = opening.snapshot();
        this.surface = opening.recognised().surface();
        this.dialect = opening.recognised().dialect();
        this.body = new ClientBody(opening.head(), opening.holding());
        this.client = client;
        this.recipient = new Recipient(id, opening.head(), dialect, client.response(), opening.holding());
        this.onClosed = onClosed;
    }

    Holding holding() {
        return opening.holding();
    }

    RequestHead head() {
        return opening.head();
    }

    /**
     * @throws GatewayException if the request line is malformed
     */
    RequestTarget target() {
        GatewayException malformed = opening.recognised().malformed();
        if (malformed != null) {
            throw malformed;
        }
        return Objects.requireNonNull(opening.recognised().target(), "well formed");
    }

    /** The path below {@code /v1/}. */
    String suffix() {
        return Objects.requireNonNull(target().suffix(), "routed below /v1/");
    }

    /** Who asks. */
    Caller caller() {
        return Caller.of(client.credentials(), dialect.slotOrder());
    }

    /**
     * Notes what decides who answers.
     *
     * @param model what the body names, or null
     */
    void ask(@Nullable String model) {
        asked = new Asked(surface, dialect, Surface.clientsDialect(head().headers()), model, client.credentials());
    }

    /** A gate has changed that. */
    void ask(Asked other) {
        asked = other;
    }

    Asked asked() {
        return Objects.requireNonNull(asked, "asked");
    }

    /** What the client named, or null. */
    @Nullable
    String modelAsked() {
        Asked known = asked;
        return known == null ? null : known.model();
    }

    /** Takes a step so that whatever it throws, an {@link Error} too, ends this exchange and nothing else. */
    void guarded(Step step) {
        try {
            step.take();
        } catch (GatewayException refusal) {
            end(refusal);
        } catch (IOException e) {
            end(GatewayException.of(FailureKind.CLIENT_GONE, "The request body ended before it was complete.", e));
        } catch (Throwable defect) {
            breakDown(defect);
        }
    }

    /** Ends by a failure of any kind, in the client's dialect. */
    void endWith(Throwable failure) {
        if (failure instanceof GatewayException refusal) {
            end(refusal);
        } else {
            breakDown(failure);
        }
    }

    /** Refuses, and whatever comes of that ends this exchange and nothing else. */
    void end(GatewayException failure) {
        try {
            refuse(failure);
        } catch (Throwable defect) {
            breakDown(defect);
        }
    }

    /** Answers in the client's dialect, where an answer can still be given, and aborts where not. */
    void refuse(GatewayException failure) {
        recipient.refuse(failure);
    }

    /** Ends by a defect of the gateway, with as much of an answer as there are means for. Never fails. */
    void breakDown(Throwable defect) {
        Guard.quietly(() -> Causes.report(log, "an exchange failed by a defect of the gateway", defect));
        Guard.quietly(this::abortAttempt);
        try {
            refuse(GatewayException.internal(defect));
        } catch (Throwable noMeans) {
            ResponseBridge response = client.response();
            try {
                response.fail(GatewayException.NO_MEANS, LocalAnswers.lastResort(dialect), null);
            } catch (Throwable notEvenThat) {
                response.breakDown();
            }
        }
    }

    /**
     * Starts to watch the client once its body is here: until then silence on its connection means nothing, and a loss is
     * noticed by reading. Called on the timer thread.
     *
     * @return false where it is too early
     */
    boolean watchClient() {
        if (!body.isReceived()) {
            return over;
        }
        if (!over) {
            client.watchClient();
        }
        return true;
    }

    /** Called on the timer thread, a few times a second. */
    void keepStreamAlive() {
        client.response().endIfStumbled();
        Duration silence = snapshot.limits().streamKeepalive();
        long last = client.response().progress().lastNanos();
        if (silence != null && last != 0 && System.nanoTime() - last >= silence.toNanos()) {
            client.response().keepAlive();
        }
    }

    /** The provider's answer has a head that is larger than heads are, in two bytes a character. */
    void headGrew(int bytes) {
        if (!holding().reserve(2L * bytes)) {
            throw Refusals.outOfMemory();
        }
    }

    /** The next try, which may never come to be sent. */
    void prepare(AttemptFacts attempt) {
        prepared = attempt;
    }

    /** It is being sent. It may meet the end of the exchange on another thread: whoever comes second aborts it. */
    void begin(AttemptFacts attempt) {
        sent = attempt;
        attempts.incrementAndGet();
        if (over) {
            attempt.abort();
        }
    }

    /** Does nothing if the answer of the attempt is complete. */
    void abortAttempt() {
        AttemptFacts running = sent;
        if (running != null) {
            running.abort();
        }
    }

    /** The client broke off in the middle of its body. It may have closed only its own side, and read on. */
    void clientBrokeOff(GatewayException failure) {
        recipient.refuse(failure);
    }

    /** The gateway is being stopped under it. Any thread, as often as one likes. */
    void shutDown() {
        GatewayException reason = GatewayException.shuttingDown();
        client.response().fail(reason, LocalAnswers.error(dialect, reason, id), recipient.errorEvent(reason));
    }

    /** There is no time left for it: what its client has not taken by now it will not get. */
    void cut() {
        client.response().cut(GatewayException.shuttingDown());
    }

    @Override
    public void withdrawn() {
        shutDown();
    }

    /** Step 13. Called by whoever ends the response; a second time does nothing. */
    @Override
    public void closed(@Nullable GatewayException failure) {
        if (!endsNow(failure)) {
            return;
        }
        // Each of them whatever becomes of the others.
        try {
            abortAttempt();
        } finally {
            try {
                client.stopReading();
            } finally {
                try {
                    holding().close();
                } finally {
                    onClosed.accept(this);
                }
            }
        }
    }

    private synchronized boolean endsNow(@Nullable GatewayException failure) {
        if (over) {
            return false;
        }
        outcome = failure;
        over = true;
        return true;
    }

    /**
     * It never came to be, since its client's side could not be opened; a container that has begun with that may still say
     * that it ends.
     *
     * @return false if it has ended already
     */
    boolean abandon() {
        if (!endsNow(null)) {
            return false;
        }
        holding().close();
        return true;
    }

    @Override
    public WholeAnswer lastResort() {
        return LocalAnswers.lastResort(dialect);
    }

    /** The line for the log; to be called after {@link #closed}. */
    ExchangeRecord toRecord() {
        ResponseBridge response = client.response();
        AttemptFacts last = sent;
        AttemptFacts shown = last != null ? last : prepared;
        long now = System.nanoTime();
        long first = response.progress().firstNanos();
        return new ExchangeRecord(
                id,
                head().method(),
                head().path(),
                modelAsked(),
                last == null ? null : last.model(),
                last == null ? null : last.providerName(),
                shown == null ? null : shown.translatedTo(),
                shown == null ? ResolvedCredential.NONE.source() : shown.credentialSource(),
                attempts.get(),
                status(),
                last == null ? null : last.requestId(),
                body.length(),
                response.progress().bytes(),
                last == null ? TokenUsage.NOT_TOLD : last.usage(),
                first == 0 ? -1 : first - startNanos,
                now - startNanos,
                outcome == null ? "complete" : LogNames.of(outcome.kind()));
    }

    /** What the client got, or would have got. */
    private int status() {
        int told = client.response().progress().status();
        return told != 0 || outcome == null ? told : outcome.kind().status();
    }
}
