package io.plano.proxy.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DroppedMembersTest {
    @Test
    void listsTheNamesInTheirOrder() {
        Set<String> names = new LinkedHashSet<>();
        names.add("top_k");
        names.add("messages.content.cache_control");
        assertThat(DroppedMembers.headerValue(names)).isEqualTo("top_k, messages.content.cache_control");
    }

    /** A member's name is the client's text, and a header is a line. */
    @Test
    void letsNoNameEndTheLineOrTheList() {
        assertThat(DroppedMembers.headerValue(Set.of("a\r\nSet-Cookie: x=1, b\u0000é😀")))
                .isEqualTo("a??Set-Cookie:?x=1??b????");
    }

    @Test
    void cutsLongNamesAndLists() {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < 1_000; i++) {
            names.add(i + "x".repeat(5_000));
        }
        assertThat(DroppedMembers.headerValue(names)).hasSizeLessThan(2_100).endsWith(", ...");
    }
}
