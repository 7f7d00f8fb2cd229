package io.plano.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@ContainerTest
class ContainerTestTest {
    private static final Set<GatewayContainer.Kind> SEEN = EnumSet.noneOf(GatewayContainer.Kind.class);

    private final GatewayContainer.Kind kind;

    ContainerTestTest(GatewayContainer.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void isToldTheKind(GatewayContainer.Kind told) {
        assertThat(told).isEqualTo(kind);
    }

    @Test
    void runsInEachContainer() {
        SEEN.add(kind);
    }

    @AfterAll
    static void sawAllContainers() {
        assertThat(SEEN).containsExactlyInAnyOrder(GatewayContainer.Kind.values());
    }
}
