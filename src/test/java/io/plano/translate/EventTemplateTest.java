package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTemplateTest {
    private static final String BEFORE = "{\"id\":1,\"text\":\"";
    private static final String BEHIND = "\",\"end\":null}";

    private final EventTemplate form = new EventTemplate();

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "Grüße, 世界", "12345678", "a longer text of some words, as they come"})
    void readsAnEventThatIsWrittenLikeTheOneBefore(String text) {
        learn(BEFORE, "Hello", BEHIND);

        assertThat(matches("xx", BEFORE + text + BEHIND, "yy")).isTrue();
        assertThat(form.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":2,\"text\":\"Hello\",\"end\":null}",
                "{\"id\":1,\"text\":\"Hello\",\"end\":true}",
                "{\"id\":1,\"text\":\"Hel\\\"lo\",\"end\":null}",
                "{\"id\":1,\"text\":\"Hel\\nlo\",\"end\":null}",
                "{\"id\":1,\"text\":\"Hel\",\"x\":\"lo\",\"end\":null}",
                "{\"id\":1,\"text\":\"Hel\nlo\",\"end\":null}",
                "{\"id\":1,\"text\":\"",
                "\",\"end\":null}",
                "",
            })
    void knowsNoOther(String event) {
        learn(BEFORE, "Hello", BEHIND);

        assertThat(matches("", event, "")).isFalse();
    }

    @Test
    void doesNotTakeOneByteForBothSides() {
        learn("{\"a\":\"", "x", "\"\"\"}");

        assertThat(matches("", "{\"a\":\"\"}", "")).isFalse();
    }

    @Test
    void matchesNothingBeforeItHasSeenAnything() {
        assertThat(matches("", "", "")).isFalse();
        assertThat(matches("", BEFORE + BEHIND, "")).isFalse();
    }

    @Test
    void givesUpWhereNoTwoAreAlike() {
        for (int i = 0; i < 20; i++) {
            assertThat(learn("{\"id\":" + i + ",\"text\":\"", "Hello", BEHIND)).isEqualTo(i < 8);
        }

        assertThat(matches("", "{\"id\":19,\"text\":\"Hello" + BEHIND, "")).isFalse();
        assertThat(matches("", "{\"id\":7,\"text\":\"Hello" + BEHIND, "")).isTrue();
    }

    @Test
    void learnsAnewAsOftenAsThatHelps() {
        for (int i = 0; i < 20; i++) {
            learn("{\"id\":" + i + ",\"text\":\"", "Hello", BEHIND);
            assertThat(matches("", "{\"id\":" + i + ",\"text\":\"world" + BEHIND, ""))
                    .isTrue();
        }
    }

    private boolean learn(String before, String text, String behind) {
        byte[] bytes = (before + text + behind).getBytes(StandardCharsets.UTF_8);
        int start = before.getBytes(StandardCharsets.UTF_8).length;
        return form.learn(bytes, 0, bytes.length, start, start + text.getBytes(StandardCharsets.UTF_8).length);
    }

    private boolean matches(String around, String event, String behind) {
        byte[] bytes = (around + event + behind).getBytes(StandardCharsets.UTF_8);
        int start = around.getBytes(StandardCharsets.UTF_8).length;
        return form.matches(bytes, start, event.getBytes(StandardCharsets.UTF_8).length);
    }
}
