package io.plano.proxy;

import io.plano.body.ByteSegments;
import io.plano.budget.BudgetLimits;
import io.plano.budget.Holding;
import io.plano.budget.MemoryBudget;
import io.plano.client.ResponseOwner;
import io.plano.credential.ResolvedCredential;
import io.plano.route.AttemptPlan;
import io.plano.route.Route;
import io.plano.route.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One exchange of a {@link TestClient}, with nothing around it. */
final class TestExchange implements AutoCloseable {
    private final TestClient client;
    private final MemoryBudget budget = new MemoryBudget(BudgetLimits.ofTotal(64 << 20));
    private final List<Exchange> closed = new ArrayList<>();
    private final Exchange exchange;
    private int aborts;

    private TestExchange(TestClient client) throws IOException {
        this.client = client;
        Holding holding = budget.open("192.0.2.1", 0);
        Exchange.Opening opening = new Exchange.Opening(
                "id", TestGateway.snapshot(), client.head(), Recognised.of(client.head()), holding);
        List<ResponseOwner> made = new ArrayList<>();
        client.open(holding, side -> {
            Exchange opened = new Exchange(opening, side, closed::add);
            made.add(opened);
            return opened;
        });
        exchange = (Exchange) Objects.requireNonNull(made.get(0));
    }

    static TestExchange open() throws IOException {
        return new TestExchange(TestClient.chat());
    }

    /** With its body read. */
    static TestExchange of(TestClient client, String body) throws IOException {
        TestExchange test = new TestExchange(client);
        test.exchange.body.held(ByteSegments.of(body.getBytes(StandardCharsets.UTF_8)), 0);
        test.exchange.ask("gpt-4o");
        return test;
    }

    /** An attempt at the first provider of the file, as it is sent. */
    Attempt attempt(AttemptHost host, AttemptPlan.Rule rule) {
        Target target = new Target(TestGateway.snapshot().providers().get(0), "gpt-4o");
        AttemptPlan plan = AttemptPlan.of(new Route(List.of(target, target)), AttemptPlan.Body.HELD, rule);
        Attempt attempt = new Attempt(host, exchange, plan, ResolvedCredential.NONE);
        exchange.prepare(attempt);
        Object unused = attempt.translate();
        exchange.begin(attempt);
        attempt.began(() -> aborts++);
        return attempt;
    }

    /** How often its attempt was aborted. */
    int aborts() {
        return aborts;
    }

    Exchange exchange() {
        return exchange;
    }

    TestClient client() {
        return client;
    }

    MemoryBudget budget() {
        return budget;
    }

    int status() {
        return client.status();
    }

    /** How often its end was told. */
    int timesClosed() {
        return closed.size();
    }

    @Override
    public void close() {
        exchange.cut();
    }
}
