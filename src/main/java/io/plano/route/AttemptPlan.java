package io.plano.route;

import io.plano.failure.FailureKind;
import io.plano.route.Outcome.Answered;
import io.plano.route.Outcome.Failed;
import java.util.List;

/**
 * Which target is asked next, and after what. Pure and immutable: every verdict that wants another attempt brings the plan
 * for it. It is asked once for each attempt, before anything of an answer has gone to the client; once an answer is
 * accepted there is nothing left to decide.
 */
public final class AttemptPlan {
    private static final Verdict ACCEPT = new Verdict.Accept();
    private static final Verdict GIVE_UP = new Verdict.GiveUp();

    /** Whether the request can be sent a second time. */
    public enum Body {
        /** There is none, or it is held: every attempt sends the same. */
        HELD,
        /** It streams through: what an attempt has taken of it is gone. */
        STREAMED
    }

    /** What leads to the next target, if there is one and the request can be sent again. Pure. */
    public interface Rule {
        /** Only if the request cannot have reached a provider that might have acted on it (RFC 9110 §9.2.2, R72). */
        Rule NEVER_ASKED = outcome -> outcome instanceof Failed failed && wasNeverAsked(failed.kind());

        /** Whether another target is asked after that. */
        boolean leadsOn(Outcome outcome);
    }

    private final List<Target> targets;
    private final int index;
    private final Body body;
    private final Rule rule;

    private AttemptPlan(List<Target> targets, int index, Body body, Rule rule) {
        this.targets = targets;
        this.index = index;
        this.body = body;
        this.rule = rule;
    }

    /** Begins with the first target of the route. */
    public static AttemptPlan of(Route route, Body body) {
        return of(route, body, Rule.NEVER_ASKED);
    }

    /** As the other, with a rule of its own. */
    public static AttemptPlan of(Route route, Body body, Rule rule) {
        return new AttemptPlan(route.targets(), 0, body, rule);
    }

    /** Who is asked. */
    public Target target() {
        return targets.get(index);
    }

    /** What follows this attempt. */
    public Verdict judge(Outcome outcome) {
        boolean isLeft = index + 1 < targets.size() && body == Body.HELD;
        if (isLeft && rule.leadsOn(outcome)) {
            return new Verdict.Next(new AttemptPlan(targets, index + 1, body, rule));
        }
        return outcome instanceof Answered ? ACCEPT : GIVE_UP;
    }

    private static boolean wasNeverAsked(FailureKind kind) {
        return switch (kind) {
            case UPSTREAM_NAME_UNRESOLVED,
                    UPSTREAM_UNREACHABLE,
                    EGRESS_REFUSED,
                    UPSTREAM_TLS,
                    UPSTREAM_CONNECT_TIMEOUT -> true;
            default -> false;
        };
    }
}
