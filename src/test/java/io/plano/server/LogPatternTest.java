package io.plano.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the log of the standalone server makes of texts that a client chose. */
class LogPatternTest {
    private final LoggerContext context = new LoggerContext();

    @BeforeEach
    void configure() throws Exception {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Objects.requireNonNull(LogPatternTest.class.getResource("/logback.xml")));
    }

    private String written(String message, Throwable cause) {
        Logger logger = context.getLogger("io.plano.Test");
        ConsoleAppender<ILoggingEvent> console =
                (ConsoleAppender<ILoggingEvent>) context.getLogger("ROOT").getAppender("console");
        return new String(
                console.getEncoder().encode(new LoggingEvent("x", logger, Level.WARN, message, cause, null)), UTF_8);
    }

    @Test
    void writesOneLineForOneMessage() {
        String line = written("Bad host: [a\r\nforged\u001b[31m\u0000\u009b\u202e\u2028]", null);

        assertThat(line).endsWith(" - Bad host: [a??forged?[31m????]\n").containsOnlyOnce("\n");
    }

    @Test
    void cutsMessagesThatAreLongerThanAScreen() {
        assertThat(written("x".repeat(100_000), null).length()).isLessThan(4_200);
    }

    @Test
    void keepsTheStackOfAnExceptionAndNothingThatItsMessageForges() {
        Throwable cause = new IllegalStateException("outer", new IllegalArgumentException("a\nforged\r\u001b[31m"));

        String text = written("it failed", cause);

        assertThat(text).contains("\nCaused by: java.lang.IllegalArgumentException: a?forged??[31m\n\t");
        assertThat(text.lines().skip(1))
                .allMatch(line -> line.startsWith("\t")
                        || line.startsWith("Caused by: ")
                        || line.startsWith("java.lang.IllegalState"));
        assertThat(written("it failed", new IllegalStateException("y".repeat(100_000)))
                        .length())
                .isLessThan(20_500);
    }

    @Test
    void leavesTheHostOfARequestToTheClientsAnswer() {
        for (String name : new String[] {"org.eclipse.jetty.util.HostPort", "org.eclipse.jetty.http.HttpParser"}) {
            assertThat(context.getLogger(name).isWarnEnabled()).isFalse();
        }
        assertThat(context.getLogger("org.eclipse.jetty.server.Server").isWarnEnabled())
                .isTrue();
    }
}
