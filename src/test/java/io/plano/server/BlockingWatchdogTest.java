package io.plano.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class BlockingWatchdogTest {
    private static final Duration LIMIT = Duration.ofMillis(100);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(BlockingWatchdog.class);
    private final BlockingWatchdog watchdog = BlockingWatchdog.start(LIMIT);

    @BeforeEach
    void listen() {
        log.start();
        logger.setAdditive(false);
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        watchdog.close();
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    @Test
    void tellsOnceWhereAThreadBlocks() throws InterruptedException {
        BlockingWatchdog.Watch watch = watchdog.newWatch();
        watch.begin();
        blockHere();
        watch.end();
        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getLevel()).isEqualTo(Level.WARN);
        assertThat(log.list.get(0).getFormattedMessage())
                .contains(Thread.currentThread().getName() + " blocks")
                .contains("BlockingWatchdogTest.blockHere");
    }

    @Test
    void saysNothingOfThreadsThatComeBack() throws InterruptedException {
        BlockingWatchdog.Watch watch = watchdog.newWatch();
        for (int round = 0; round < 20; round++) {
            watch.begin();
            Thread.sleep(10);
            watch.end();
        }
        Thread.sleep(LIMIT.toMillis() * 2);
        assertThat(log.list).isEmpty();
    }

    private static void blockHere() throws InterruptedException {
        Thread.sleep(LIMIT.toMillis() * 8);
    }
}
