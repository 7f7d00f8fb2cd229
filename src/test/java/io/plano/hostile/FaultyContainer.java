package io.plano.hostile;

import io.plano.client.servlet.ServletClient;
import io.plano.credential.InboundCredentials;
import io.plano.http.RequestHead;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request in a container whose every call can be made to throw, once, at its n-th time: an output that takes
 * everything at once, an input that is all there. Remembers what a client would have seen.
 */
final class FaultyContainer {
    private final String faulty;
    private final int time;
    private final Supplier<Error> error;
    private final byte[] body;
    private final boolean inPieces;
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean thrown;
    private volatile boolean aborted;
    private volatile int status = 200;
    private volatile @Nullable WriteListener writeListener;
    private volatile @Nullable ReadListener readListener;

    /**
     * @param faulty the name of the method that throws
     * @param time its call that does, from 1
     * @param inPieces whether the body comes through callbacks
     */
    FaultyContainer(String faulty, int time, Supplier<Error> error, String body, boolean inPieces) {
        this.faulty = faulty;
        this.time = time;
        this.error = error;
        this.body = body.getBytes(StandardCharsets.UTF_8);
        this.inPieces = inPieces;
    }

    private void called(String name) {
        if (calls.merge(name, 1, Integer::sum) == time && name.equals(faulty)) {
            thrown = true;
            throw error.get();
        }
    }

    ServletClient client(RequestHead head, InboundCredentials credentials) {
        return new ServletClient(request(), response(), head, credentials);
    }

    /** As containers do when the servlet has returned. */
    void callBack() throws IOException {
        WriteListener writes = writeListener;
        if (writes != null) {
            try {
                writes.onWritePossible();
            } catch (Error e) {
                writes.onError(e);
            }
        }
        ReadListener reads = readListener;
        if (reads != null) {
            try {
                reads.onDataAvailable();
                reads.onAllDataRead();
            } catch (Error e) {
                reads.onError(e);
            }
        }
    }

    boolean hasThrown() {
        return thrown;
    }

    boolean isOver() throws InterruptedException {
        return over.await(5, TimeUnit.SECONDS);
    }

    /** Whether the client can tell that it has not got everything. */
    boolean isAborted() {
        return aborted;
    }

    int status() {
        return status;
    }

    String sent() {
        synchronized (sent) {
            return sent.toString(StandardCharsets.UTF_8);
        }
    }

    private static <T> T fake(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    case "toString" -> type.getSimpleName();
                    default -> call.answer(method.getName(), arguments == null ? new Object[0] : arguments);
                }));
    }

    private interface Call {
        @Nullable
        Object answer(String name, Object[] arguments) throws IOException;
    }

    private HttpServletRequest request() {
        return fake(HttpServletRequest.class, (name, arguments) -> {
            called(name);
            return switch (name) {
                case "startAsync" -> async();
                case "getInputStream" -> new Input();
                case "getProtocol" -> "HTTP/1.1";
                default -> null;
            };
        });
    }

    private HttpServletResponse response() {
        return fake(HttpServletResponse.class, (name, arguments) -> {
            if (name.equals("sendError")) {
                aborted = true; // what it is asked for counts, whether or not it then fails
            }
            called(name);
            switch (name) {
                case "getOutputStream" -> {
                    return new Output();
                }
                case "setStatus" -> status = (int) arguments[0];
                case "isCommitted" -> {
                    return sent.size() > 0;
                }
                default -> {}
            }
            return null;
        });
    }

    private AsyncContext async() {
        return fake(AsyncContext.class, (name, arguments) -> {
            if (name.equals("dispatch")) {
                aborted = true;
                over.countDown();
            }
            called(name);
            if (name.equals("complete")) {
                over.countDown();
            }
            return name.equals("getRequest") ? request() : null;
        });
    }

    private final class Output extends ServletOutputStream {
        @Override
        public boolean isReady() {
            called("isReady");
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            called("setWriteListener");
            writeListener = listener;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            called("write");
            synchronized (sent) {
                sent.write(bytes, offset, length);
            }
        }

        @Override
        public void flush() {
            called("flush");
        }
    }

    private final class Input extends ServletInputStream {
        private final ByteArrayInputStream bytes = new ByteArrayInputStream(body);

        @Override
        public int available() {
            called("available");
            return inPieces ? 0 : bytes.available();
        }

        @Override
        public boolean isFinished() {
            called("isFinished");
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            called("isReadyToRead");
            return bytes.available() > 0;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            called("setReadListener");
            readListener = listener;
        }

        @Override
        public int read() {
            called("read");
            return bytes.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            called("read");
            return bytes.read(target, offset, Math.min(length, inPieces ? 7 : length));
        }
    }

    /** How often each method was called, for the message of a failure. */
    Map<String, Integer> calls() {
        return new TreeMap<>(calls);
    }
}
