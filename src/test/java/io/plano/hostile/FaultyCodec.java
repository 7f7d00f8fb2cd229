package io.plano.hostile;

import io.plano.provider.WireFormat;
import io.plano.translate.ApiCodec;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stands in the place of the gateway's codec of one format, until it is closed, and throws once in one call: of the codec, or
 * of the decoder or encoder of a stream that it has made ({@code decodeStream.event}). The real one does all the rest.
 */
final class FaultyCodec implements AutoCloseable {
    /** Those whose results take part in what follows. */
    private static final Set<String> MAKERS = Set.of("decodeStream", "encodeStream");

    private final Map<WireFormat, ApiCodec> codecs;
    private final ApiCodec real;
    private final String call;
    private final Failings error;
    private final AtomicBoolean thrown = new AtomicBoolean();

    private FaultyCodec(WireFormat format, String call, Failings error) throws ReflectiveOperationException {
        this.codecs = codecs();
        this.real = codecs.get(format);
        this.call = call;
        this.error = error;
    }

    static FaultyCodec install(WireFormat format, String call, Failings error) throws ReflectiveOperationException {
        FaultyCodec faulty = new FaultyCodec(format, call, error);
        faulty.codecs.put(format, faulty.proxy(ApiCodec.class, faulty.real, ""));
        return faulty;
    }

    /** They are nobody's to change, but for a test. */
    @SuppressWarnings("unchecked")
    private static Map<WireFormat, ApiCodec> codecs() throws ReflectiveOperationException {
        Field all = Class.forName("io.plano.proxy.Codecs").getDeclaredField("ALL");
        all.setAccessible(true);
        return (Map<WireFormat, ApiCodec>) all.get(null);
    }

    boolean hasThrown() {
        return thrown.get();
    }

    private <T> T proxy(Class<T> type, Object target, String maker) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    String name = maker + method.getName();
                    if (name.equals(call) && thrown.compareAndSet(false, true)) {
                        throw error.get();
                    }
                    Object result = invoke(target, method, arguments);
                    return MAKERS.contains(name) ? proxy(method.getReturnType(), result, name + ".") : result;
                }));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            method.setAccessible(true);
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    @Override
    public void close() {
        codecs.put(real.format(), real);
    }
}
