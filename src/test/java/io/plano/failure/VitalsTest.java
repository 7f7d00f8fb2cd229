package io.plano.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class VitalsTest {
    private static void rounds(Vitals vitals, int count, Runnable each) {
        for (int i = 0; i < count; i++) {
            each.run();
            vitals.listen();
        }
    }

    @Test
    void whoBeatsIsWell() {
        try (Vitals vitals = Vitals.start()) {
            Pulse pulse = vitals.pulse("plano-x");
            rounds(vitals, 2 * Vitals.LOST_ROUNDS, pulse::beat);

            assertThat(vitals.complaint()).isNull();
            assertThat(vitals.lost()).isNotDone();
        }
    }

    @Test
    void whoFallsSilentIsNamedAndForgivenWhenItAnswers() {
        try (Vitals vitals = Vitals.start()) {
            Pulse pulse = vitals.pulse("plano-x");
            rounds(vitals, 2 * Vitals.LOST_ROUNDS, () -> {});

            assertThat(vitals.complaint()).startsWith("The thread plano-x has not answered for ");
            assertThat(vitals.lost())
                    .as("a blocked disk is no reason to end streams")
                    .isNotDone();
            pulse.beat();
            vitals.listen();
            assertThat(vitals.complaint()).isNull();
        }
    }

    @Test
    void anEventLoopThatDoesNotAnswerIsLost() {
        try (Vitals vitals = Vitals.start()) {
            AtomicBoolean turns = new AtomicBoolean(true);
            vitals.pulse("selector", turns::get);
            rounds(vitals, Vitals.LOST_ROUNDS, () -> {});
            assertThat(vitals.complaint()).isNull();

            turns.set(false);
            rounds(vitals, Vitals.LOST_ROUNDS, () -> {});
            assertThat(vitals.lost()).isCompletedWithValueMatching(reason -> reason.startsWith("The thread selector"));
        }
    }

    @Test
    void aThreadThatEndsUnaskedIsLostAtOnceAndOneThatIsToldToIsNot() {
        try (Vitals vitals = Vitals.start()) {
            Pulse told = vitals.pulse("told");
            told.close();
            told.guard(() -> {}).run();
            Pulse dead = vitals.pulse("dead");
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> dead.guard(() -> {
                                throw new OutOfMemoryError("test");
                            })
                            .run())
                    .isInstanceOf(OutOfMemoryError.class);
            assertThat(vitals.complaint()).isEqualTo("The thread dead has ended. Restart the gateway.");
            vitals.listen();
            assertThat(vitals.lost()).isCompleted();
        }
    }

    @Test
    void aQuestionThatThrowsIsNoAnswerAndKeepsNobodyElseFromBeingAsked() {
        try (Vitals vitals = Vitals.start()) {
            vitals.pulse("throws", () -> {
                throw new StackOverflowError();
            });
            AtomicBoolean asked = new AtomicBoolean();
            vitals.pulse("next", () -> {
                asked.set(true);
                return true;
            });
            rounds(vitals, Vitals.SILENT_ROUNDS + 1, () -> {});

            assertThat(asked).isTrue();
            assertThat(vitals.complaint()).startsWith("The thread throws has not answered");
        }
    }
}
