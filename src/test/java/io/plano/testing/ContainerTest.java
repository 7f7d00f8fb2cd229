package io.plano.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * On a method, in place of {@code @Test}: runs it once in each container. On a class: runs all its tests once in each
 * container. Either way a parameter of type {@link GatewayContainer.Kind}, of the method, of a {@code @BeforeEach} or,
 * for the class, of the constructor, is told which one it is.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ClassTemplate
@ExtendWith(ContainerInvocations.class)
public @interface ContainerTest {}
