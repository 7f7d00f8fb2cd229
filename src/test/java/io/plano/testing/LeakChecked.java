package io.plano.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fails each test of the class that leaves something behind: a {@link FakeUpstream} that was not closed or had open
 * connections after its gateway was closed (busy ones, where a gateway shared by the class still runs), a non-daemon
 * thread, a thread of the application although no {@link GatewayContainer} runs, memory of the budget that no exchange gave back, an
 * exception that nobody caught. Not
 * for tests that run in parallel.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LeakCheck.class)
public @interface LeakChecked {
    /** Prefixes of the names of threads that do not count, such as those of a client library. */
    String[] ignoringThreads() default {};
}
