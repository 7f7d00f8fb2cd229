package io.plano.proxy;

import io.plano.body.BodyScan;
import io.plano.body.ByteSegments;
import io.plano.budget.MemoryBudget;
import io.plano.client.BodyReceiver;
import io.plano.client.HeldBody;
import io.plano.credential.ResolvedCredential;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.failure.Guard;
import io.plano.failure.Vitals;
import io.plano.http.BodyChange;
import io.plano.http.RequestHead;
import io.plano.http.ResponseCoding;
import io.plano.http.WholeAnswer;
import io.plano.observe.ExchangeListener;
import io.plano.observe.ExchangeRecord;
import io.plano.provider.ApiDialect;
import io.plano.provider.Provider;
import io.plano.proxy.answer.AnswerBody;
import io.plano.proxy.answer.LocalAnswers;
import io.plano.route.Asked;
import io.plano.route.AttemptPlan;
import io.plano.route.OutboundCredential;
import io.plano.route.Routing;
import io.plano.route.Target;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.SnapshotHolder;
import io.plano.translate.Translation;
import io.plano.upstream.EndpointHealth;
import io.plano.upstream.ProviderCalls;
import io.plano.upstream.RequestBody;
import io.plano.upstream.UpstreamRequest;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The story of one exchange, in thirteen steps: open, admit, identify, read the body, gates, route, resolve the credential,
 * translate, build, dispatch, commit, relay, close. The first ten are here, the others in {@link Attempt}, {@link
 * AnswerBody} and {@link Exchange}. Steps 1 to 4 run on the container's thread, 5 to 10 on whichever thread completed the
 * step before, the rest on a reactor thread. Nothing waits.
 */
public final class ReverseProxy implements AutoCloseable {
    /** Bodies beyond are searched for their model on a worker: that takes a third of a millisecond. */
    private static final long LONG_BODY = 256 << 10;

    /** What weighs more is translated on a worker: that takes one to three milliseconds. */
    private static final long LONG_TRANSLATION = 1 << 20;

    /**
     * What a request meets on its way from its body to a provider.
     *
     * @param gates those that it passes, in that order
     * @param routing says where it may go
     * @param rule says after what it goes to the next one
     * @param health says whom it is worth asking
     * @param calls takes it there
     */
    record Way(List<Gate> gates, Routing routing, AttemptPlan.Rule rule, EndpointHealth health, ProviderCalls calls) {}

    private final SnapshotHolder snapshots;
    private final Way way;
    private final ProviderCalls calls;
    private final OpenExchanges openExchanges;
    private final Admission admission;
    private final MemoryBudget budget;
    private final Workers workers = new Workers();
    private final Steps steps = new Steps(workers);
    private final AttemptHost host = new Host();
    private final ModelPaths modelPaths;
    private final ExchangeListener listener;

    /**
     * @param budget for all that exchanges hold; its limits are those of the current snapshot
     * @param vitals watches the timer
     */
    public ReverseProxy(
            SnapshotHolder snapshots,
            ProviderCalls calls,
            ExchangeListener listener,
            MemoryBudget budget,
            Vitals vitals) {
        this(
                snapshots,
                new Way(List.of(), Routing.BY_NAME, AttemptPlan.Rule.NEVER_ASKED, EndpointHealth.UNKNOWN, calls),
                listener,
                budget,
                vitals);
    }

    ReverseProxy(SnapshotHolder snapshots, Way way, ExchangeListener listener, MemoryBudget budget, Vitals vitals) {
        this.snapshots = snapshots;
        this.way = way;
        this.calls = way.calls();
        this.listener = listener;
        this.budget = budget;
        this.openExchanges = new OpenExchanges(listener, () -> budget.serveWaiting(workers), vitals);
        this.admission = new Admission(calls.pseudonym());
        this.modelPaths = new ModelPaths(calls);
    }

    /**
     * Serves one request; returns as soon as nothing can be done without waiting. Called on a container thread.
     *
     * @param clientAddress whose it is
     */
    public void serve(RequestHead head, String clientAddress, ClientOpener opener) throws IOException {
        Exchange exchange = open(head, clientAddress, opener);
        exchange.guarded(() -> {
            exchange.client.response().addHeaders(exchange.snapshot.cors().forAnswer(head.headers()));
            admit(exchange);
            if (openExchanges.isEnding()) {
                throw GatewayException.shuttingDown();
            }
            if (!modelPaths.answer(exchange) && !LocalPaths.answer(exchange)) {
                readBody(exchange);
            }
        });
    }

    // 1. The exchange takes the current snapshot once.
    private Exchange open(RequestHead head, String clientAddress, ClientOpener opener) throws IOException {
        GatewaySnapshot current = snapshots.current();
        GatewaySnapshot snapshot = current == null ? Admission.NOTHING : current;
        budget.limit(snapshot.limits().memory().budget());
        Exchange.Opening opening = new Exchange.Opening(
                RequestIds.idFor(head.headers().first("x-request-id")),
                snapshot,
                head,
                Recognised.of(head),
                budget.open(clientAddress, ClientBody.opening(head)));
        return openExchanges.open(opening, opener);
    }

    // 2 and 3. A refusal here costs no upstream connection and reads no body. Who calls is known from what was brought.
    private void admit(Exchange exchange) {
        admission.admit(exchange, openExchanges.count());
    }

    // 4. Held only where something in it has to be read.
    private void readBody(Exchange exchange) throws IOException {
        RequestHead head = exchange.head();
        if (!head.hasBody()) {
            exchange.body.none();
            forward(exchange);
        } else if (BodyInspection.isNeeded(head, exchange.surface)) {
            BodyInspection.checkCoding(head);
            Admission.refuseWithoutCredential(exchange);
            exchange.client.readBody(
                    exchange.snapshot.limits().maxInspectedBodyBytes(),
                    ClientBody.openingForBody(head),
                    new Received(exchange));
        } else {
            exchange.body.streamed();
            forward(exchange);
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
            exchange.guarded(() -> {
                exchange.body.held(body, reserved);
                if (BodyInspection.isEncoded(exchange.head())) {
                    steps.onWorker(exchange, () -> decode(exchange, body, 0));
                } else if (body.length() > LONG_BODY) {
                    steps.onWorker(exchange, () -> forward(exchange));
                } else {
                    forward(exchange);
                }
            });
        }

        @Override
        public void failed(GatewayException failure) {
            exchange.end(failure);
        }
    }

    /**
     * Undoes the content coding. How much that takes shows only on the way: where it is more than there is room for, it
     * begins anew when there is room for twice as much.
     *
     * @param room what is reserved for it
     */
    private void decode(Exchange exchange, ByteSegments body, long room) throws IOException {
        BodyInspection.Decoding decoding = new BodyInspection.Decoding(exchange.holding(), room);
        ByteSegments plain = decoding.decode(
                exchange.head(), body, exchange.snapshot.limits().maxInspectedBodyBytes());
        if (plain == null) {
            long more = decoding.abandon();
            steps.afterReserving(exchange, more, () -> decode(exchange, body, more));
            return;
        }
        exchange.body.decoded(plain, decoding.reserved());
        forward(exchange);
    }

    private void forward(Exchange exchange) throws IOException {
        BodyScan scan = exchange.body.scan();
        if (!exchange.body.isStreamed()) {
            BodyInspection.requireQuestion(exchange.surface, scan);
        }
        String inPath = exchange.surface.namesModelInPath() ? exchange.surface.modelIn(exchange.suffix()) : null;
        exchange.ask(inPath != null ? inPath : scan == null ? null : scan.model());
        pass(exchange, way.gates().iterator());
    }

    // 5. Whoever has a say in it, one after the other.
    private void pass(Exchange exchange, Iterator<Gate> left) throws IOException {
        if (!left.hasNext()) {
            route(exchange);
            return;
        }
        CompletionStage<Asked> passed = left.next().pass(exchange.asked());
        steps.after(exchange, passed, asked -> {
            exchange.ask(asked);
            pass(exchange, left);
        });
    }

    // 6. Snapshot and what is asked become an ordered list of targets.
    private void route(Exchange exchange) throws IOException {
        steps.after(
                exchange,
                way.routing().route(exchange.snapshot, exchange.asked()),
                route -> attempt(
                        exchange,
                        AttemptPlan.of(
                                route.healthyFirst(this::isHealthy), exchange.body.repeatability(), way.rule())));
    }

    private boolean isHealthy(Target target) {
        return way.health().isHealthy(target.provider().endpoint());
    }

    /** Asks a target, once there is memory for what that takes; on a worker if it takes long. */
    private void attempt(Exchange exchange, AttemptPlan plan) throws IOException {
        long weight = RequestTranslator.weigh(exchange, plan.target());
        if (weight > LONG_TRANSLATION && !workers.includeCurrent()) {
            steps.onWorker(exchange, () -> attempt(exchange, plan, weight));
        } else {
            attempt(exchange, plan, weight);
        }
    }

    private void attempt(Exchange exchange, AttemptPlan plan, long weight) throws IOException {
        steps.afterReserving(exchange, weight, () -> resolveCredential(exchange, plan));
    }

    // 7. Anew for every attempt, from that provider's own row.
    private void resolveCredential(Exchange exchange, AttemptPlan plan) throws IOException {
        ResolvedCredential resolved = OutboundCredential.resolve(plan.target().provider(), exchange.asked());
        steps.after(exchange, resolved.atHand(), credential -> {
            Attempt attempt = new Attempt(host, exchange, plan, credential);
            exchange.prepare(attempt);
            if (CountTokens.isLocal(exchange, plan.target())) {
                CountTokens.answer(exchange, plan.target());
            } else {
                dispatch(attempt);
            }
        });
    }

    // 9. Where client and provider speak the same format, at most the bytes of one value have changed.
    private UpstreamRequest buildRequest(Attempt attempt, @Nullable ByteSegments body) {
        Exchange exchange = attempt.exchange();
        Provider provider = attempt.target().provider();
        RequestHead client = exchange.head();
        Translation translation = attempt.translation();
        long length = exchange.body.lengthOf(body);
        ProviderCalls.Draft draft = translation == null
                ? new ProviderCalls.Draft(
                        client.method(),
                        provider.target(
                                exchange.surface.pathWith(exchange.suffix(), attempt.model()),
                                attempt.model(),
                                exchange.target().query()),
                        client.headers(),
                        new ProviderCalls.Body(length, exchange.body.changeTo(body)),
                        ResponseCoding.AS_CLIENT_ACCEPTS,
                        exchange.dialect)
                : new ProviderCalls.Draft(
                        client.method(),
                        provider.target(translation.upstream().format().path(), attempt.model(), null),
                        RequestTranslator.headers(client, translation),
                        new ProviderCalls.Body(length, BodyChange.DECODED),
                        ResponseCoding.IDENTITY,
                        translation.upstream().format().dialect());
        return calls.request(provider, draft, attempt.credential().credential());
    }

    // 8 and 10. One attempt; what follows it, its plan says.
    private void dispatch(Attempt attempt) throws IOException {
        Exchange exchange = attempt.exchange();
        ByteSegments body = attempt.translate();
        UpstreamRequest request = buildRequest(attempt, body);
        HeldBody held = ClientBody.toSend(body);
        RequestBody content = exchange.body.isStreamed() ? exchange.client.streamBody(exchange::clientBrokeOff) : held;
        attempt.sends(held);
        exchange.begin(attempt);
        attempt.began(calls.send(request, content, attempt));
    }

    /** What attempts need of all this. */
    private final class Host implements AttemptHost {
        private final CredentialHints hints = new CredentialHints();

        @Override
        public String pseudonym() {
            return calls.pseudonym();
        }

        @Override
        public Executor workers() {
            return workers;
        }

        @Override
        public void onAnswer(Attempt attempt) {
            hints.onAnswer(attempt);
            way.health().answered(attempt.target().provider().endpoint(), attempt.status());
        }

        @Override
        public void onFailure(Attempt attempt, FailureKind kind) {
            way.health().failed(attempt.target().provider().endpoint(), kind);
        }

        @Override
        public void goOn(Exchange exchange, AttemptPlan plan) {
            exchange.guarded(() -> attempt(exchange, plan));
        }
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
}
