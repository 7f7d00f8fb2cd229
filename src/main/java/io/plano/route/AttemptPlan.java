package io.plano.route;

import io.plano.failure.FailureKind;
import io.plano.route.Outcome.Answered;
import io.plano.route.Outcome.Failed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

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

    private final List<Target> targets;
    private final int index;
    private final Body body;

    private AttemptPlan(List<Target> targets, int index, Body body) {
        this.targets = targets;
        this.index = index;
        this.body = body;
    }

    /**
     * Begins with the first target of the route that is healthy; those that are not come last.
     *
     * @param healthy whom it is worth asking
     */
    public static AttemptPlan of(Route route, Body body, Predicate<Target> healthy) {
        List<Target> targets = route.targets();
        if (targets.size() == 1 || targets.stream().allMatch(healthy)) {
            return new AttemptPlan(targets, 0, body);
        }
        List<Target> ordered = new ArrayList<>(targets.size());
        targets.stream().filter(healthy).forEach(ordered::add);
        targets.stream().filter(healthy.negate()).forEach(ordered::add);
        return new AttemptPlan(List.copyOf(ordered), 0, body);
    }

    /** Who is asked. */
    public Target target() {
        return targets.get(index);
    }

    /** What follows this attempt. */
    public Verdict judge(Outcome outcome) {
        if (outcome instanceof Answered) {
            return ACCEPT;
        }
        boolean isLeft = index + 1 < targets.size() && body == Body.HELD;
        return isLeft && outcome instanceof Failed failed && wasNeverAsked(failed.kind())
                ? new Verdict.Next(new AttemptPlan(targets, index + 1, body))
                : GIVE_UP;
    }

    /** Whether the request cannot have reached a provider that might have acted on it (RFC 9110 §9.2.2, R72). */
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
