package io.plano.hostile;

import java.util.List;
import java.util.function.Supplier;

/** What may come out of any line of code. */
public enum Failings implements Supplier<Error> {
    OUT_OF_MEMORY {
        @Override
        public Error get() {
            return new OutOfMemoryError("thrown by a test");
        }
    },
    STACK_OVERFLOW {
        @Override
        public Error get() {
            return new StackOverflowError("thrown by a test");
        }
    },
    CLASS_GONE {
        @Override
        public Error get() {
            return new NoClassDefFoundError("io/plano/thrown/by/a/Test");
        }
    };

    public static final List<Failings> ALL = List.of(values());
}
