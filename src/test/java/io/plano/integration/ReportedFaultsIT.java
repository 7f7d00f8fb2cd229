package io.plano.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.LeakChecked;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Situations that users have reported, over real sockets; the codecs' own tests have their siblings. */
@LeakChecked
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReportedFaultsIT {
    static Stream<ReportedFault> faults() {
        return ReportedFault.all().filter(fault -> ReportedFaultChecks.ALL.containsKey(fault.id()));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void comesToWhatItShould(ReportedFault fault) {
        Consumer<ReportedFaultRun> check = ReportedFaultChecks.ALL.get(fault.id());
        try (ReportedFaultRun run = ReportedFaultRun.of(fault)) {
            check.accept(run);
        }
    }

    @Test
    void everyFileHasItsCheckAndEveryCheckItsFile() {
        assertThat(ReportedFault.all().map(ReportedFault::id))
                .containsExactlyInAnyOrderElementsOf(ReportedFaultChecks.ALL.keySet());
    }
}
