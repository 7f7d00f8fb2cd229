package io.plano.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.credential.CredentialPolicy;
import io.plano.credential.MissingCredential;
import io.plano.failure.FailureKind;
import io.plano.http.Headers;
import io.plano.provider.ApiDialect;
import io.plano.provider.CredentialPlacement;
import io.plano.provider.Endpoint;
import io.plano.provider.Provider;
import io.plano.provider.ProviderType;
import io.plano.provider.Timeouts;
import io.plano.route.AttemptPlan.Body;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of what follows an attempt. */
public class AttemptPlanTest {
    private static final Set<FailureKind> NEVER_ASKED = EnumSet.of(
            FailureKind.UPSTREAM_NAME_UNRESOLVED,
            FailureKind.UPSTREAM_UNREACHABLE,
            FailureKind.EGRESS_REFUSED,
            FailureKind.UPSTREAM_TLS,
            FailureKind.UPSTREAM_CONNECT_TIMEOUT);

    private static final Route ROUTE = new Route(List.of(target("a"), target("b")));

    /** A plan with a second target behind its first. */
    public static AttemptPlan ofTwo(Body body) {
        return AttemptPlan.of(ROUTE, body);
    }

    private static Target target(String name) {
        return new Target(
                new Provider(
                        name,
                        "openai",
                        "m",
                        new ProviderType(
                                "openai", "OpenAI", null, "/v1", Map.of(ApiDialect.OPENAI, CredentialPlacement.BEARER)),
                        Endpoint.of(URI.create("https://" + name + ".example"), ""),
                        null,
                        new CredentialPolicy(true, null, MissingCredential.REJECT, null),
                        Headers.EMPTY,
                        Timeouts.DEFAULT,
                        false),
                "m");
    }

    @ParameterizedTest
    @EnumSource
    void whatNeverReachedAProviderGoesToTheNextR72(FailureKind kind) {
        Verdict verdict = ofTwo(Body.HELD).judge(new Outcome.Failed(kind));
        if (NEVER_ASKED.contains(kind)) {
            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            Verdict.Next.class,
                            next -> assertThat(next.plan().target().provider().name())
                                    .isEqualTo("b"));
        } else {
            assertThat(verdict).isEqualTo(new Verdict.GiveUp());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatStreamsIsSentOnce(FailureKind kind) {
        assertThat(ofTwo(Body.STREAMED).judge(new Outcome.Failed(kind))).isEqualTo(new Verdict.GiveUp());
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 301, 400, 401, 429, 500, 503, 529})
    void anAnswerIsTheClients(int status) {
        assertThat(ofTwo(Body.HELD).judge(new Outcome.Answered(status))).isEqualTo(new Verdict.Accept());
    }

    @Test
    void whoIsHealthyIsAskedFirstAndWhoIsNotStillLast() {
        Route route = ROUTE.healthyFirst(target -> target.provider().name().equals("b"));
        assertThat(route.targets())
                .extracting(target -> target.provider().name())
                .containsExactly("b", "a");
        assertThat(ROUTE.healthyFirst(target -> false).targets())
                .as("somebody has to be asked")
                .isEqualTo(ROUTE.targets());
        assertThat(ROUTE.healthyFirst(target -> true)).isSameAs(ROUTE);
    }

    @Test
    void behindTheLastTargetThereIsNone() {
        AttemptPlan first = ofTwo(Body.HELD);
        assertThat(first.target().provider().name()).isEqualTo("a");
        Outcome refused = new Outcome.Failed(FailureKind.UPSTREAM_UNREACHABLE);
        assertThat(first.judge(refused))
                .isInstanceOfSatisfying(
                        Verdict.Next.class,
                        next -> assertThat(next.plan().judge(refused)).isEqualTo(new Verdict.GiveUp()));
        assertThat(first.target().provider().name())
                .as("a plan does not change")
                .isEqualTo("a");
    }
}
