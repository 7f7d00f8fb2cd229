package io.plano.proxy;

import io.plano.body.BodyScan;
import io.plano.body.ByteSegments;
import io.plano.bridge.BodyReceiver;
import io.plano.bridge.ClientExchange;
import io.plano.bridge.ResponseBridge;
import io.plano.bridge.ResponseOwner;
import io.plano.budget.MemoryBudget;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.failure.Guard;
import io.plano.failure.Vitals;
import io.plano.http.BodyChange;
import io.plano.http.HeaderRules;
import io.plano.http.Headers;
import io.plano.http.RequestHead;
import io.plano.http.ResponseCoding;
import io.plano.http.UpstreamHead;
import io.plano.http.UpstreamHeaders;
import io.plano.http.WholeAnswer;
import io.plano.observe.ExchangeListener;
import io.plano.observe.ExchangeRecord;
import io.plano.provider.ApiDialect;
import io.plano.provider.CredentialPlacement;
import io.plano.provider.Provider;
import io.plano.route.OutboundCredential;
import io.plano.route.Router;
import io.plano.route.Target;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.SnapshotHolder;
import io.plano.translate.Translation;
import io.plano.upstream.UpstreamClient;
import io.plano.upstream.UpstreamListener;
import io.plano.upstream.UpstreamRequest;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.apache.hc.core5.http.nio.AsyncDataProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The story of one exchange, in twelve steps, each a method: open, admit, read the head, read the body, route, resolve
 * the credential, translate, build, dispatch, commit, relay, close. The first nine are here, the others in {@link
 * Attempt} and {@link Exchange}. Steps 1 to 4 run on the container's thread, 5 to 9 on whichever thread completed the
 * body, the rest on a reactor thread. Nothing waits.
 */
public final class ReverseProxy implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReverseProxy.class);

    /** Bodies beyond are searched for their model on a worker: that takes a third of a millisecond. */
    private static final long LONG_BODY = 256 << 10;

    /** What weighs more is translated on a worker: that takes one to three milliseconds. */
    private static final long LONG_TRANSLATION = 1 << 20;

    /** Opens the client's side of an exchange for its owner. */
    public interface Opener {
        ClientExchange open(ResponseOwner owner) throws IOException;
    }

    private final SnapshotHolder snapshots;
    private final UpstreamClient upstream;
    private final OpenExchanges openExchanges;
    private final Admission admission;
    private final MemoryBudget budget;
    private final Workers workers = new Workers();
    private final Steps steps = new Steps(workers);
    private final CredentialHints hints = new CredentialHints();
    private final ModelPaths modelPaths;
    private final ExchangeListener listener;
    private final String pseudonym;

    /**
     * @param budget for all that exchanges hold; its limits are those of the current snapshot
     * @param pseudonym the name of this instance in {@code Via}, which tells a loop from a chain of gateways
     * @param vitals watches the timer
     */
    public ReverseProxy(
            SnapshotHolder snapshots,
            UpstreamClient upstream,
            ExchangeListener listener,
            MemoryBudget budget,
            String pseudonym,
            Vitals vitals) {
        this.snapshots = snapshots;
        this.upstream = upstream;
        this.listener = listener;
        this.budget = budget;
        this.openExchanges = new OpenExchanges(listener, () -> budget.serveWaiting(workers), vitals);
        this.admission = new Admission(pseudonym);
        this.modelPaths = new ModelPaths(upstream, pseudonym, ReverseProxy::endWith);
        this.pseudonym = pseudonym;
    }

    /**
     * Serves one request; returns as soon as nothing can be done without waiting. Called on a container thread.
     *
     * @param clientAddress whose it is
     */
    public void serve(RequestHead head, String clientAddress, Opener opener) throws IOException {
        Exchange exchange = open(head, clientAddress, opener);
        guarded(exchange, () -> {
            admit(exchange);
            if (openExchanges.isEnding()) {
                throw Exchange.shuttingDown();
            }
            if (!modelPaths.answer(exchange) && !LocalPaths.answer(exchange)) {
                readBody(exchange);
            }
        });
    }

    /** A step of the story. */
    interface Step {
        void take() throws IOException;
    }

    /** Takes a step so that whatever it throws, an {@link Error} too, ends this exchange and nothing else. */
    static void guarded(Exchange exchange, Step step) {
        try {
            step.take();
        } catch (GatewayException refusal) {
            end(exchange, refusal);
        } catch (IOException e) {
            end(
                    exchange,
                    GatewayException.of(FailureKind.CLIENT_GONE, "The request body ended before it was complete.", e));
        } catch (Throwable defect) {
            breakDown(exchange, defect);
        }
    }

    /** Refuses, and whatever comes of that ends this exchange and nothing else. */
    static void end(Exchange exchange, GatewayException failure) {
        try {
            refuse(exchange, failure);
        } catch (Throwable defect) {
            breakDown(exchange, defect);
        }
    }

    /** Ends an exchange by a defect of the gateway, with as much of an answer as there are means for. Never fails. */
    static void breakDown(Exchange exchange, Throwable defect) {
        Guard.quietly(() -> report(defect));
        Guard.quietly(exchange::abortAttempt);
        try {
            refuse(exchange, GatewayException.internal(defect));
        } catch (Throwable noMeans) {
            ResponseBridge response = exchange.client.response();
            exchange.status = FailureKind.INTERNAL.status();
            try {
                response.fail(GatewayException.NO_MEANS, LocalAnswers.lastResort(exchange.dialect), null);
            } catch (Throwable notEvenThat) {
                response.breakDown();
            }
        }
    }

    static void report(Throwable defect) {
        Causes.report(log, "an exchange failed by a defect of the gateway", defect);
    }

    // 1. The exchange takes the current snapshot once.
    private Exchange open(RequestHead head, String clientAddress, Opener opener) throws IOException {
        GatewaySnapshot current = snapshots.current();
        GatewaySnapshot snapshot = current == null ? Admission.NOTHING : current;
        budget.limit(snapshot.limits().memory().budget());
        Exchange exchange = openExchanges.open(
                RequestIds.idFor(head.headers().first("x-request-id")),
                snapshot,
                budget.open(clientAddress, Exchange.opening(head)));
        try {
            exchange.client = opener.open(exchange);
        } catch (Throwable failure) {
            openExchanges.forget(exchange);
            throw failure;
        }
        exchange.client.response().addHeaders(exchange.snapshot.cors().forAnswer(head.headers()));
        return exchange;
    }

    // 2 and 3. A refusal here costs no upstream connection and reads no body.
    private void admit(Exchange exchange) {
        admission.admit(exchange, openExchanges.count());
    }

    // 4. Held only where something in it has to be read.
    private void readBody(Exchange exchange) throws IOException {
        RequestHead head = exchange.head();
        exchange.requestBytes = head.contentLength();
        if (!head.hasBody()) {
            exchange.requestBytes = 0;
            exchange.bodyReceived = true;
            forward(exchange, null);
        } else if (BodyInspection.isNeeded(head, exchange.surface)) {
            BodyInspection.checkCoding(head);
            Admission.refuseWithoutCredential(exchange);
            exchange.client.readBody(
                    exchange.snapshot.limits().maxInspectedBodyBytes(),
                    Exchange.openingForBody(head),
                    new Received(exchange));
        } else {
            // Routed before the first byte is read, so that a refusal leaves the body unread.
            route(exchange, null);
            resolveCredential(exchange, exchange.firstTarget());
            exchange.bodyStream = exchange.client.streamBody(exchange::clientBrokeOff);
            dispatch(exchange, exchange.firstTarget());
        }
    }

    /** The body is here: the story goes on, on a worker if it takes long to read. */
    private final class Received implements BodyReceiver {
        private final Exchange exchange;

        private Received(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void received(ByteSegments body, long reserved) {
            guarded(exchange, () -> {
                exchange.requestBytes = body.length();
                exchange.bodyHeld = reserved;
                exchange.body = body;
                exchange.bodyReceived = true;
                if (BodyInspection.isEncoded(exchange.head())) {
                    steps.onWorker(exchange, () -> decode(exchange, body, 0));
                } else if (body.length() > LONG_BODY) {
                    steps.onWorker(exchange, () -> inspect(exchange, body));
                } else {
                    inspect(exchange, body);
                }
            });
        }

        @Override
        public void failed(GatewayException failure) {
            end(exchange, failure);
        }
    }

    /**
     * Undoes the content coding. How much that takes shows only on the way: where it is more than there is room for, it
     * begins anew when there is room for twice as much.
     *
     * @param room what is reserved for it
     */
    private void decode(Exchange exchange, ByteSegments body, long room) {
        BodyInspection.Decoding decoding = new BodyInspection.Decoding(exchange.holding(), room);
        ByteSegments plain = decoding.decode(
                exchange.head(), body, exchange.snapshot.limits().maxInspectedBodyBytes());
        if (plain == null) {
            long more = decoding.abandon();
            steps.afterReserving(exchange, more, () -> decode(exchange, body, more));
            return;
        }
        exchange.holding().release(exchange.bodyHeld);
        exchange.bodyHeld = decoding.reserved();
        exchange.body = plain;
        exchange.bodyForm = Exchange.BodyForm.DECODED;
        inspect(exchange, plain);
    }

    private void inspect(Exchange exchange, ByteSegments body) {
        forward(exchange, BodyInspection.scan(exchange.head(), body));
    }

    private void forward(Exchange exchange, @Nullable BodyScan scan) {
        exchange.scan = scan;
        BodyInspection.requireQuestion(exchange.surface, scan);
        route(exchange, scan == null ? null : scan.model());
        attempt(exchange, exchange.firstTarget());
    }

    /** Asks a target, once there is memory for what that takes; on a worker if it takes long. */
    private void attempt(Exchange exchange, Target target) {
        long weight = RequestTranslator.weigh(exchange, target);
        if (weight > LONG_TRANSLATION && !workers.includeCurrent()) {
            steps.onWorker(exchange, () -> ask(exchange, target, weight));
        } else {
            ask(exchange, target, weight);
        }
    }

    private void ask(Exchange exchange, Target target, long weight) {
        steps.afterReserving(exchange, weight, () -> {
            if (CountTokens.isLocal(exchange, target)) {
                resolveCredential(exchange, target);
                CountTokens.answer(exchange, target);
            } else {
                dispatch(exchange, target);
            }
        });
    }

    // 5. Snapshot and model become an ordered list of targets.
    private static void route(Exchange exchange, @Nullable String model) {
        exchange.route = Router.route(exchange.snapshot, exchange.ask(model));
    }

    // 6. Anew for every attempt, from that provider's own row.
    private static void resolveCredential(Exchange exchange, Target target) {
        exchange.credential = OutboundCredential.resolve(target.provider(), exchange.asked());
    }

    // 7. Where client and provider speak the same format, at most the bytes of one value change.
    private static @Nullable ByteSegments translateRequest(Exchange exchange, Target target) {
        Translation translation = RequestTranslator.translate(exchange, target);
        exchange.translation = translation;
        if (translation != null) {
            exchange.holding().release(exchange.weight / 2);
        }
        return translation == null
                ? bodyFor(exchange, target)
                : ByteSegments.of(translation.encoded().body());
    }

    private static @Nullable ByteSegments bodyFor(Exchange exchange, Target target) {
        ByteSegments body = exchange.body;
        BodyScan scan = exchange.scan;
        String model = target.model();
        if (body == null || scan == null) {
            return body;
        }
        ByteSegments named = model == null || model.equals(scan.model()) ? body : scan.withModel(body, model);
        return RequestTranslator.withoutForeignMarks(named, exchange.operation, target.provider());
    }

    // 8. Strip first, the provider's rows next, the credential last: the types allow no other order.
    private UpstreamRequest buildRequest(Exchange exchange, Target target, @Nullable ByteSegments body) {
        Provider provider = target.provider();
        RequestHead client = exchange.head();
        Translation translation = exchange.translation;
        UpstreamHeaders stripped = HeaderRules.toUpstream(
                        translation == null ? client.headers() : RequestTranslator.headers(client, translation),
                        new UpstreamHead(
                                provider.host(),
                                bodyLength(exchange, body),
                                pseudonym,
                                bodyChange(exchange, body),
                                translation == null ? ResponseCoding.AS_CLIENT_ACCEPTS : ResponseCoding.IDENTITY),
                        provider.forwardHeaders())
                .withProviderRows(provider.headers());
        ApiDialect spoken = translation == null
                ? exchange.dialect
                : translation.upstream().format().dialect();
        CredentialPlacement placement = provider.type().placements().get(spoken);
        if (placement == null) {
            throw new IllegalStateException("routed to a provider that does not speak the dialect");
        }
        Headers headers = placement.apply(exchange.credential.credential(), stripped);
        String model = target.model() != null ? target.model() : exchange.modelAsked;
        return new UpstreamRequest(
                client.method(),
                provider.endpoint(),
                translation == null
                        ? provider.target(
                                exchange.suffix(), model, exchange.target().query())
                        : provider.target(
                                translation.upstream().format().operation().suffix(), model, null),
                headers,
                provider.timeouts(),
                provider.transport());
    }

    private static long bodyLength(Exchange exchange, @Nullable ByteSegments body) {
        if (body != null) {
            return body.length();
        }
        return exchange.head().hasBody() ? exchange.head().contentLength() : UpstreamHead.UNDECLARED;
    }

    private static BodyChange bodyChange(Exchange exchange, @Nullable ByteSegments body) {
        if (exchange.bodyForm == Exchange.BodyForm.DECODED || exchange.translation != null) {
            return BodyChange.DECODED;
        }
        return body == exchange.body ? BodyChange.NONE : BodyChange.REWRITTEN;
    }

    // 9. One attempt; a failure that the provider cannot have acted on leads to the next target.
    void dispatch(Exchange exchange, Target target) {
        resolveCredential(exchange, target);
        ByteSegments body = translateRequest(exchange, target);
        UpstreamRequest request = buildRequest(exchange, target, body);
        exchange.heldBody = body == null ? null : ClientExchange.replay(body);
        AsyncDataProducer producer = body == null ? exchange.bodyStream : exchange.heldBody;
        exchange.attempt(target);
        Translation translation = exchange.translation;
        UpstreamListener attempt = translation == null
                ? new Attempt(this, exchange, target)
                : new TranslatedAttempt(this, exchange, target, translation);
        exchange.begin(upstream.send(request, producer, new GuardedAttempt(exchange, attempt)));
    }

    /** Called by an attempt that failed before any byte of an answer went out. */
    void retryOrFail(Exchange exchange, GatewayException failure) {
        guarded(exchange, () -> {
            Target next =
                    failure.kind().allowsNextTarget() && exchange.bodyStream == null ? exchange.nextTarget() : null;
            if (next == null) {
                refuse(exchange, failure);
            } else {
                attempt(exchange, next);
            }
        });
    }

    /** Answers in the client's dialect, where an answer can still be given, and aborts where not. */
    static void refuse(Exchange exchange, GatewayException failure) {
        Throwable cause = failure.getCause();
        if (cause != null && log.isDebugEnabled()) {
            log.debug("exchange {} failed: {} ({})", exchange.id, failure.kind(), Causes.describe(cause));
        }
        exchange.status = failure.kind().status();
        exchange.client.response().fail(failure, LocalAnswers.error(exchange.dialect, failure, exchange.id), null);
    }

    /**
     * The answer to a request that was refused before it became an exchange; logged like one.
     *
     * @param dialect the dialect of the client
     */
    public WholeAnswer refusal(RequestHead head, ApiDialect dialect, GatewayException refusal) {
        String id = RequestIds.idFor(head.headers().first("x-request-id"));
        WholeAnswer answer = LocalAnswers.error(dialect, refusal, id);
        Guard.quietly(() -> listener.closed(ExchangeRecord.refused(id, head, refusal, answer.body().length)));
        GatewaySnapshot snapshot = snapshots.current();
        return snapshot == null ? answer : answer.with(snapshot.cors().forAnswer(head.headers()));
    }

    private static void endWith(Exchange exchange, Throwable failure) {
        if (failure instanceof GatewayException refusal) {
            end(exchange, refusal);
        } else {
            breakDown(exchange, failure);
        }
    }

    /**
     * The application is being stopped: open exchanges end now, in a way that no client takes for a whole answer, and those
     * that still begin are refused. Returns when the containers know, after two seconds at the most.
     */
    public void endExchanges() {
        openExchanges.endAll();
    }

    /** Takes that back: requests are served again. */
    public void resume() {
        openExchanges.resume();
    }

    /** Ends what is still open, and stops the timers. */
    @Override
    public void close() {
        modelPaths.close();
        openExchanges.close();
        workers.close();
    }

    Executor workers() {
        return workers;
    }

    CredentialHints hints() {
        return hints;
    }

    String pseudonym() {
        return pseudonym;
    }
}
