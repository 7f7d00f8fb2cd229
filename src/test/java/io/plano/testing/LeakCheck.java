package io.plano.testing;

import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Puts a {@link LeakWatch} around each test of a {@link LeakChecked} class; ends after the class' own {@code @AfterEach}. */
final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeakCheck.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        List<String> ignored = AnnotationSupport.findAnnotation(
                        context.getRequiredTestClass(), LeakChecked.class, context.getEnclosingTestClasses())
                .map(annotation -> List.of(annotation.ignoringThreads()))
                .orElse(List.of());
        context.getStore(NAMESPACE).put(LeakWatch.class, LeakWatch.start(LeakWatch.GRACE, ignored));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        LeakWatch watch = context.getStore(NAMESPACE).get(LeakWatch.class, LeakWatch.class);
        if (watch != null) {
            watch.end();
        }
    }
}
