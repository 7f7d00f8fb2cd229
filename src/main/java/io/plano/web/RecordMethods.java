package io.plano.web;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Makes the JDK let go of an application that has been stopped. {@link ObjectMethods}, which gives records their {@code
 * equals}, {@code hashCode} and {@code toString}, keeps for each of them the last type of a component that it was asked
 * for and of the last record, and with a type its class loader and everything in it (JDK-8078641, in versions before 19).
 * So the last ones that it is asked for are the JDK's own: a string is not a record, but it is not looked at so closely.
 */
final class RecordMethods {
    private static final List<String> METHODS = List.of("equals", "hashCode", "toString");

    private RecordMethods() {}

    /** To be called when nothing else of the application runs any more. */
    static void forgetLastTypes() {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        try {
            MethodHandle component = lookup.findVirtual(String.class, "toString", MethodType.methodType(String.class));
            for (String method : METHODS) {
                ObjectMethods.bootstrap(lookup, method, MethodHandle.class, String.class, "component", component);
            }
        } catch (Throwable otherJdk) {
            // A later one, which keeps nothing.
            LoggerFactory.getLogger(RecordMethods.class).debug("no record methods to forget", otherJdk);
        }
    }
}
