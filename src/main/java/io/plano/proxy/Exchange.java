package io.plano.proxy;

import io.plano.body.BodyScan;
import io.plano.body.ByteSegments;
import io.plano.bridge.ClientExchange;
import io.plano.bridge.HeldBody;
import io.plano.bridge.RequestBridge;
import io.plano.bridge.ResponseBridge;
import io.plano.bridge.ResponseOwner;
import io.plano.budget.Holding;
import io.plano.budget.MemoryBudget;
import io.plano.credential.ResolvedCredential;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.RequestHead;
import io.plano.http.RequestTarget;
import io.plano.http.WholeAnswer;
import io.plano.observe.ExchangeRecord;
import io.plano.observe.LogNames;
import io.plano.provider.ApiDialect;
import io.plano.provider.Operation;
import io.plano.provider.Surface;
import io.plano.route.Asked;
import io.plano.route.Route;
import io.plano.route.Target;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.translate.Translation;
import io.plano.translate.neutral.ChatRequest;
import io.plano.upstream.UpstreamCall;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.hc.core5.http.nio.AsyncDataProducer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one exchange while it lasts. One step owns it at a time, and each step starts when the one before has
 * ended, on whichever thread that was; only {@link #closed} and what it reads may meet a step that is still running.
 */
final class Exchange implements ResponseOwner {
    /** Small pieces on their way, and what is always there. */
    private static final int OWN_BYTES = 8 << 10;

    private static final int SMALL_BODY = MemoryBudget.SMALL - OWN_BYTES;

    final String id;
    final long startNanos = System.nanoTime();
    final GatewaySnapshot snapshot;
    private final Holding holding;
    private final Consumer<Exchange> onClosed;

    /** Set right after construction; until then only {@link OpenExchanges} knows the exchange. */
    @SuppressWarnings("NullAway.Init")
    volatile ClientExchange client;

    Surface surface = Surface.UNKNOWN;
    Operation operation = Operation.OTHER;
    ApiDialect dialect = ApiDialect.OPENAI;

    @Nullable
    RequestTarget target;

    @Nullable
    String modelAsked;

    private @Nullable Asked asked;

    @Nullable
    ByteSegments body;

    @Nullable
    BodyScan scan;

    /** The body, where it had to be understood. */
    @Nullable
    ChatRequest chat;

    /** What went wrong with an answer that is whole all the same, and says so itself. */
    volatile @Nullable GatewayException told;

    /** How the running attempt is translated; null where it is not. */
    volatile @Nullable Translation translation;

    @Nullable
    AsyncDataProducer bodyStream;

    /** The body as it goes out in the running attempt. */
    @Nullable
    HeldBody heldBody;

    /** Of {@link #body}: what is reserved for it beyond the opening. */
    long bodyHeld;

    /** What it takes to translate {@link #body}; 0 until that is known. */
    long weight;

    BodyForm bodyForm = BodyForm.AS_SENT;
    long requestBytes;

    @Nullable
    Route route;

    volatile @Nullable Target current;
    volatile ResolvedCredential credential = ResolvedCredential.NONE;
    private final AtomicInteger attempts = new AtomicInteger();
    volatile int status;
    volatile @Nullable String upstreamRequestId;
    private volatile @Nullable UpstreamCall call;
    private volatile boolean over;
    volatile boolean bodyReceived;
    private int targetIndex;
    private @Nullable GatewayException outcome;

    /** What became of the body between the client and the provider. */
    enum BodyForm {
        /** Byte for byte what the client sent, its content coding included. */
        AS_SENT,
        /** Decoded, because its model had to be read. */
        DECODED
    }

    Exchange(String id, GatewaySnapshot snapshot, Holding holding, Consumer<Exchange> onClosed) {
        this.id = id;
        this.snapshot = snapshot;
        this.holding = holding;
        this.onClosed = onClosed;
    }

    /** What is reserved when an exchange opens: its own objects, and a small body, or the buffer of one that streams. */
    static long opening(RequestHead head) {
        return OWN_BYTES + openingForBody(head);
    }

    /** The part of that which is the body's. */
    static long openingForBody(RequestHead head) {
        if (!head.hasBody()) {
            return 0;
        }
        long declared = head.contentLength();
        return declared >= 0 && declared <= SMALL_BODY ? declared : RequestBridge.BUFFER_SIZE;
    }

    @Override
    public Holding holding() {
        return holding;
    }

    RequestHead head() {
        return client.head();
    }

    RequestTarget target() {
        return Objects.requireNonNull(target, "admitted");
    }

    /**
     * Notes what decides who answers.
     *
     * @param model what the body names, or null
     */
    Asked ask(@Nullable String model) {
        modelAsked = model;
        Asked whole =
                new Asked(surface, dialect, Surface.clientsDialect(head().headers()), model, client.credentials());
        asked = whole;
        return whole;
    }

    Asked asked() {
        return Objects.requireNonNull(asked, "asked");
    }

    /** The path below {@code /v1/}. */
    String suffix() {
        return Objects.requireNonNull(target().suffix(), "routed below /v1/");
    }

    Target firstTarget() {
        return Objects.requireNonNull(route, "routed").targets().get(0);
    }

    /** The target after the last one, or null where there is none. */
    @Nullable
    Target nextTarget() {
        targetIndex++;
        Route known = Objects.requireNonNull(route, "routed");
        return targetIndex < known.targets().size() ? known.targets().get(targetIndex) : null;
    }

    /**
     * Starts to watch the client once its body is here: until then silence on its connection means nothing, and a loss is
     * noticed by reading. Called on the timer thread.
     *
     * @return false where it is too early
     */
    boolean watchClient() {
        if (!bodyReceived) {
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
        if (!holding.reserve(2L * bytes)) {
            throw Steps.outOfMemory();
        }
    }

    /** No other target will need it, and a stream may last for hours. Where the attempt is still sending it, it stays. */
    void releaseBody() {
        HeldBody sent = heldBody;
        heldBody = null;
        body = null;
        scan = null;
        chat = null;
        if (sent == null || sent.forget()) {
            holding.release(bodyHeld);
            bodyHeld = 0;
        }
    }

    void attempt(Target next) {
        current = next;
        attempts.incrementAndGet();
    }

    /** An attempt is under way. It may meet the end of the exchange on another thread: whoever comes second aborts it. */
    void begin(UpstreamCall attempt) {
        call = attempt;
        if (over) {
            attempt.abort();
        }
    }

    /** The client broke off in the middle of its body. It may have closed only its own side, and read on. */
    void clientBrokeOff(GatewayException failure) {
        ResponseBridge response = client.response();
        if (!response.progress().hasBegun()) {
            status = failure.kind().status();
        }
        response.fail(failure, LocalAnswers.error(dialect, failure, id), null);
    }

    /** The gateway is being stopped under it. Any thread, as often as one likes. */
    void shutDown() {
        GatewayException reason = shuttingDown();
        if (!client.response().progress().hasBegun()) {
            status = reason.kind().status();
        }
        client.response()
                .fail(
                        reason,
                        LocalAnswers.error(dialect, reason, id),
                        LocalAnswers.in(dialect).errorEvent(reason, id));
    }

    /** There is no time left for it: what its client has not taken by now it will not get. */
    void cut() {
        client.response().cut(shuttingDown());
    }

    static GatewayException shuttingDown() {
        return GatewayException.of(FailureKind.OVERLOADED, "The gateway is shutting down; send the request again.");
    }

    @Override
    public void withdrawn() {
        shutDown();
    }

    /** Step 12. Called once, by whoever ends the response. */
    @Override
    public void closed(@Nullable GatewayException failure) {
        outcome = failure != null ? failure : told;
        over = true;
        // Each of them whatever becomes of the others.
        try {
            abortAttempt();
        } finally {
            try {
                client.stopReading();
            } finally {
                try {
                    holding.close();
                } finally {
                    onClosed.accept(this);
                }
            }
        }
    }

    /** Does nothing if the answer of the attempt is complete. */
    void abortAttempt() {
        UpstreamCall running = call;
        if (running != null) {
            running.abort();
        }
    }

    @Override
    public WholeAnswer lastResort() {
        status = FailureKind.INTERNAL.status();
        return LocalAnswers.lastResort(dialect);
    }

    /** The line for the log; to be called after {@link #closed}. */
    ExchangeRecord toRecord() {
        ResponseBridge response = client.response();
        Target last = current;
        Translation used = translation;
        long now = System.nanoTime();
        long first = response.progress().firstNanos();
        return new ExchangeRecord(
                id,
                head().method(),
                head().path(),
                modelAsked,
                last == null ? null : last.model() != null ? last.model() : modelAsked,
                last == null ? null : last.provider().name(),
                used == null ? null : used.upstream().format().configName(),
                credential.source(),
                attempts.get(),
                outcome != null && outcome.kind() == FailureKind.CLIENT_GONE && first == 0
                        ? FailureKind.CLIENT_GONE.status()
                        : status,
                upstreamRequestId,
                requestBytes,
                response.progress().bytes(),
                first == 0 ? -1 : first - startNanos,
                now - startNanos,
                end());
    }

    private String end() {
        return outcome == null ? "complete" : LogNames.of(outcome.kind());
    }
}
