package io.plano.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DescriptorBudgetTest {
    @Test
    void leavesAReserveAndGivesHalfOfTheRestToEachSide() {
        DescriptorBudget budget = DescriptorBudget.of(600, 30);
        assertThat(budget.connections()).isEqualTo((600 - 30 - 37) / 2);
        assertThat(budget.refusals()).isEqualTo(18);
        assertThat(2 * budget.connections() + 30 + budget.refusals()).isLessThan(600);
    }

    @Test
    void reservesNoMoreThanFiveHundredAndTwelve() {
        assertThat(DescriptorBudget.of(1_000_000, 0).connections()).isEqualTo((1_000_000 - 512) / 2);
    }

    @Test
    void letsInAtLeastOneOfALimitThatIsUsedUp() {
        assertThat(DescriptorBudget.of(20, 40).connections()).isEqualTo(1);
    }

    @Test
    void limitsNothingWhereTheSystemDoesNot() {
        DescriptorBudget budget = DescriptorBudget.of(OpenFiles.UNLIMITED, 0);
        assertThat(budget.connections()).isEqualTo(Integer.MAX_VALUE);
        assertThat(budget.suffices(20_000)).isTrue();
    }

    @Test
    void saysWhichLimitSoManyExchangesNeed() {
        DescriptorBudget budget = DescriptorBudget.of(4096, 50);
        assertThat(budget.suffices(20_000)).isFalse();
        assertThat(budget.suffices(budget.connections())).isTrue();
        assertThat(budget.needed(20_000)).isBetween(40_000L, 41_000L);
    }

    @Test
    void readsTheSoftLimit() {
        String limits = """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             63442                63442                processes
                Max open files            600                  4096                 files
                """;
        assertThat(OpenFiles.limit(limits)).isEqualTo(600);
        assertThat(OpenFiles.limit(limits.replace("600 ", "unlimited "))).isEqualTo(OpenFiles.UNLIMITED);
    }

    @Test
    void knowsThisProcess() {
        assertThat(OpenFiles.limit()).isPositive();
        assertThat(OpenFiles.count()).isPositive().isLessThan(OpenFiles.limit());
        assertThat(OpenFiles.areExhausted()).isFalse();
    }

    @Test
    void saysOnceWhatHappensAllTheTime() {
        List<Long> lines = new ArrayList<>();
        RareLine line = new RareLine(Duration.ofHours(1), lines::add);
        for (int i = 0; i < 1000; i++) {
            line.happened();
        }
        assertThat(lines).containsExactly(1L);
        RareLine often = new RareLine(Duration.ZERO, lines::add);
        often.happened();
        often.happened();
        assertThat(lines).containsExactly(1L, 1L, 1L);
    }
}
