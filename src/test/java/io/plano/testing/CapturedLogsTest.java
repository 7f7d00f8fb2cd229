package io.plano.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class CapturedLogsTest {
    private static final String SECRET = "sk-canary";
    private static final Logger LOG = LoggerFactory.getLogger("io.plano.sample");
    private static final java.util.logging.Logger JUL = java.util.logging.Logger.getLogger("org.sample.jul");

    private final CapturedLogs logs = CapturedLogs.startKeepingAtInfo("org.quiet");

    @AfterEach
    void close() {
        logs.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "message",
                "argument",
                "bytes",
                "exception",
                "cause",
                "mdc",
                "pair",
                "jul",
                "julfine",
                "out",
                "err"
            })
    void findsASecretWhereverItIsLogged(String place) {
        leak(place);
        assertThatThrownBy(() -> logs.assertNothingContains("other", SECRET))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("holds " + SECRET);
    }

    private static void leak(String place) {
        switch (place) {
            case "message" -> LOG.trace("key " + SECRET);
            case "argument" -> LOG.debug("no placeholder", new StringBuilder(SECRET), 1);
            case "bytes" -> LOG.info("{}", (Object) SECRET.getBytes(StandardCharsets.UTF_8));
            case "exception" -> LOG.warn("failed", new IllegalStateException(SECRET));
            case "cause" -> LOG.warn("failed", new IllegalStateException("a", new IllegalArgumentException(SECRET)));
            case "mdc" -> {
                try (MDC.MDCCloseable context = MDC.putCloseable("key", SECRET)) {
                    LOG.info("with context");
                }
            }
            case "pair" -> LOG.atInfo().addKeyValue("key", SECRET).log("with a pair");
            case "jul" -> JUL.log(Level.INFO, "failed {0}", new Object[] {SECRET});
            case "julfine" -> JUL.log(Level.FINEST, "failed", new IllegalStateException(SECRET));
            case "out" -> System.out.print("a canary, on purpose: " + SECRET);
            case "err" -> System.err.println("a canary, on purpose: " + SECRET);
            default -> throw new IllegalArgumentException(place);
        }
    }

    @Test
    void isContentWhenNoSecretWasLogged() {
        LOG.info("fingerprint {}", "ab12");
        assertThatCode(() -> logs.assertNothingContains(SECRET)).doesNotThrowAnyException();
        assertThat(logs.entriesOf("io.plano.sample")).hasSize(1);
    }

    @Test
    void keepsAtInfoWhatItWasTold() {
        Logger quiet = LoggerFactory.getLogger("org.quiet.wire");
        java.util.logging.Logger quietJul = java.util.logging.Logger.getLogger("org.quiet.jul");
        quiet.debug(SECRET);
        quietJul.fine(SECRET);
        quiet.info("still heard");

        logs.assertNothingContains(SECRET);
        assertThat(logs.entriesOf("org.quiet.wire")).hasSize(1);
    }

    @Test
    void hearsALoggerThatIsSilentOrApart() {
        logs.close();
        var apart = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("io.plano.apart");
        apart.setAdditive(false);
        apart.setLevel(ch.qos.logback.classic.Level.OFF);
        try (CapturedLogs again = CapturedLogs.start()) {
            apart.trace("heard");
            assertThat(again.entriesOf("io.plano.apart")).hasSize(1);
        }
        assertThat(apart.getLevel()).isEqualTo(ch.qos.logback.classic.Level.OFF);
        assertThat(apart.iteratorForAppenders().hasNext()).isFalse();
    }

    @Test
    void putsEverythingBack() {
        logs.close();
        boolean traced = LOG.isTraceEnabled();
        CapturedLogs again = CapturedLogs.start();
        assertThat(LOG.isTraceEnabled()).isTrue();
        again.close();

        assertThat(LOG.isTraceEnabled()).isEqualTo(traced);
        assertThat(JUL.isLoggable(Level.FINEST)).isFalse();
        assertThat(again.entriesOf("io.plano.sample")).isEmpty();
    }
}
