package io.plano.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "req_0-9.A:b/c+d=e@f", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"})
    void takesAHarmlessIdOver(String id) {
        assertThat(RequestIds.idFor(id)).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a\tb",
                "a\r\nX: 1",
                "a\u0000",
                "a\"",
                "\u00e9",
                "\uff41",
                "${jndi:x}",
                "%n",
                "a,b",
                "<x>",
                "a'b",
                "a;b"
            })
    void makesItsOwnInPlaceOfAnyOther(String id) {
        assertThat(RequestIds.idFor(id)).matches("req_[0-9a-f]{32}");
    }

    @Test
    void limitsTheLength() {
        assertThat(RequestIds.idFor("x".repeat(128))).hasSize(128).startsWith("x");
        assertThat(RequestIds.idFor("x".repeat(129))).startsWith("req_");
        assertThat(RequestIds.idFor(null)).matches("req_[0-9a-f]{32}");
    }

    @Test
    void makesDifferentIds() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(RequestIds.idFor(null));
        }
        assertThat(ids).hasSize(10_000);
    }
}
