package io.plano.proxy;

import io.plano.body.BodyScan;
import io.plano.body.ByteSegments;
import io.plano.bridge.BodyReceiver;
import io.plano.bridge.ClientExchange;
import io.plano.bridge.ResponseBridge;
import io.plano.bridge.ResponseOwner;
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

    /** Opens the client's side of an exchange for its owner. */
    public interface Opener {
        ClientExchange open(ResponseOwner owner) throws IOException;
    }

    private final SnapshotHolder snapshots;
    private final UpstreamClient upstream;
    private final OpenExchanges openExchanges;
    private final Admission admission;
    private final CredentialHints hints = new CredentialHints();
    private final ModelPaths modelPaths;
    private final ExchangeListener listener;
    private final String pseudonym;

    /**
     * @param pseudonym the name of this instance in {@code Via}, which tells a loop from a chain of gateways
     * @param vitals watches the timer
     */
    public ReverseProxy(
            SnapshotHolder snapshots,
            UpstreamClient upstream,
            ExchangeListener listener,
            String pseudonym,
            Vitals vitals) {
        this.snapshots = snapshots;
        this.upstream = upstream;
        this.listener = listener;
        this.openExchanges = new OpenExchanges(listener, vitals);
        this.admission = new Admission(pseudonym);
        this.modelPaths = new ModelPaths(upstream, pseudonym, ReverseProxy::endWith);
        this.pseudonym = pseudonym;
    }

    /** Serves one request; returns as soon as nothing can be done without waiting. Called on a container thread. */
    public void serve(RequestHead head, Opener opener) throws IOException {
        Exchange exchange = open(head, opener);
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
    private interface Step {
        void take() throws IOException;
    }

    /** Takes a step so that whatever it throws, an {@link Error} too, ends this exchange and nothing else. */
    private static void guarded(Exchange exchange, Step step) {
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

    private static void end(Exchange exchange, GatewayException failure) {
        try {
            refuse(exchange, failure);
        } catch (Throwable defect) {
            breakDown(exchange, defect);
        }
    }

    /** Ends an exchange by a defect of the gateway, with as much of an answer as there are means for. Never fails. */
    public static void breakDown(Exchange exchange, Throwable defect) {
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

    /** The stack of an overflow is a thousand lines that say the same, and who has no memory has none for lines. */
    private static void report(Throwable defect) {
        if (defect instanceof Error) {
            log.error("an exchange failed by a defect of the gateway: {}", Causes.describe(defect));
        } else {
            log.error("an exchange failed by a defect of the gateway", defect);
        }
    }

    // 1. The exchange takes the current snapshot once.
    private Exchange open(RequestHead head, Opener opener) throws IOException {
        GatewaySnapshot snapshot = snapshots.current();
        Exchange exchange = openExchanges.open(
                RequestIds.idFor(head.headers().first("x-request-id")),
                snapshot == null ? Admission.NOTHING : snapshot);
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
            exchange.client.readBody(exchange.snapshot.limits().maxInspectedBodyBytes(), new Received(exchange));
        } else {
            // Routed before the first byte is read, so that a refusal leaves the body unread.
            route(exchange, null);
            resolveCredential(exchange, exchange.firstTarget());
            exchange.bodyStream = exchange.client.streamBody(exchange::clientBrokeOff);
            dispatch(exchange, exchange.firstTarget());
        }
    }

    /** The body is here: the story goes on. */
    private final class Received implements BodyReceiver {
        private final Exchange exchange;

        private Received(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void received(ByteSegments body) {
            guarded(exchange, () -> {
                exchange.requestBytes = body.length();
                exchange.bodyReceived = true;
                ByteSegments plain = body;
                if (BodyInspection.isEncoded(exchange.head())) {
                    plain = BodyInspection.decode(
                            exchange.head(), body, exchange.snapshot.limits().maxInspectedBodyBytes());
                    exchange.bodyForm = Exchange.BodyForm.DECODED;
                }
                exchange.body = plain;
                forward(exchange, BodyInspection.scan(exchange.head(), plain));
            });
        }

        @Override
        public void failed(GatewayException failure) {
            end(exchange, failure);
        }
    }

    private void forward(Exchange exchange, @Nullable BodyScan scan) {
        exchange.scan = scan;
        BodyInspection.requireQuestion(exchange.surface, scan);
        route(exchange, scan == null ? null : scan.model());
        if (CountTokens.isLocal(exchange, exchange.firstTarget())) {
            resolveCredential(exchange, exchange.firstTarget());
            CountTokens.answer(exchange, exchange.firstTarget());
        } else {
            dispatch(exchange, exchange.firstTarget());
        }
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
        return translation == null
                ? bodyFor(exchange, target)
                : ByteSegments.of(translation.encoded().body());
    }

    private static @Nullable ByteSegments bodyFor(Exchange exchange, Target target) {
        ByteSegments body = exchange.body;
        BodyScan scan = exchange.scan;
        String model = target.model();
        if (body == null || scan == null || model == null || model.equals(scan.model())) {
            return body;
        }
        return scan.withModel(body, model);
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
        AsyncDataProducer producer = body == null ? exchange.bodyStream : ClientExchange.replay(body);
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
                dispatch(exchange, next);
            }
        });
    }

    /** Answers in the client's dialect, where an answer can still be given, and aborts where not. */
    public static void refuse(Exchange exchange, GatewayException failure) {
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
    }

    CredentialHints hints() {
        return hints;
    }

    public String pseudonym() {
        return pseudonym;
    }
}
