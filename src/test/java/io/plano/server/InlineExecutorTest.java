package io.plano.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.hostile.Failings;
import io.plano.hostile.FaultyLog;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InlineExecutorTest {
    private final List<Runnable> pool = new ArrayList<>();
    private final List<String> ran = new ArrayList<>();
    private final BlockingWatchdog watchdog = BlockingWatchdog.start(Duration.ofMinutes(1));
    private final InlineExecutor executor = new InlineExecutor(pool::add, watchdog);

    @AfterEach
    void stop() {
        watchdog.close();
    }

    @Test
    void runsConnectionTasksOnTheCallingThread() {
        executor.execute(connection(() -> ran.add("connection")));
        assertThat(ran).containsExactly("connection");
        assertThat(pool).isEmpty();
    }

    @Test
    void handsEverythingElseToThePool() {
        executor.execute(() -> ran.add("other"));
        assertThat(ran).isEmpty();
        assertThat(pool).hasSize(1);
    }

    @Test
    void handsAConnectionTaskWithinAnotherToThePoolSoThatTheStackCannotGrow() {
        Runnable inner = connection(() -> ran.add("inner"));
        executor.execute(connection(() -> executor.execute(inner)));
        assertThat(ran).isEmpty();
        assertThat(pool).containsExactly(inner);
    }

    @Test
    void keepsATasksFailureFromTheCaller() {
        executor.execute(connection(() -> {
            throw new IllegalStateException("expected by this test");
        }));
        executor.execute(connection(() -> ran.add("next")));
        assertThat(ran).containsExactly("next");
    }

    @ParameterizedTest
    @EnumSource
    void keepsATasksErrorFromTheCaller(Failings error) {
        executor.execute(connection(() -> {
            throw error.get();
        }));
        executor.execute(connection(() -> ran.add("next")));
        assertThat(ran).containsExactly("next");
        assertThat(pool).isEmpty();
    }

    @Test
    void keepsATasksErrorFromTheCallerThoughItCannotBeLogged() {
        try (FaultyLog log = FaultyLog.of(InlineExecutor.class)) {
            for (Failings error : Failings.ALL) {
                executor.execute(connection(() -> {
                    throw error.get();
                }));
            }
            assertThat(log.lines()).hasSize(Failings.ALL.size());
        }
        executor.execute(connection(() -> ran.add("next")));
        assertThat(ran).containsExactly("next");
    }

    private static Runnable connection(Runnable task) {
        Class<?>[] types = {Connection.class, Runnable.class};
        return (Runnable) Proxy.newProxyInstance(
                InlineExecutorTest.class.getClassLoader(), types, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "run" -> {
                            task.run();
                            yield null;
                        }
                        case "equals" -> proxy == arguments[0];
                        default -> null;
                    };
                });
    }
}
