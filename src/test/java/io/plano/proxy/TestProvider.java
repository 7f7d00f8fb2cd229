package io.plano.proxy;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.testing.Await;
import io.plano.upstream.ProviderCalls;
import io.plano.upstream.RequestBody;
import io.plano.upstream.RequestOutput;
import io.plano.upstream.UpstreamCall;
import io.plano.upstream.UpstreamListener;
import io.plano.upstream.UpstreamListener.Content;
import io.plano.upstream.UpstreamRequest;
import io.plano.upstream.Window;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The providers' side without sockets: remembers what was asked, and answers what a test says, when it says so. */
final class TestProvider implements ProviderCalls.Sender {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Consumer<Call> LATER = call -> {};

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile Consumer<Call> script = LATER;

    /** Does this with every call, before it is known to whoever sends it. */
    void onCall(Consumer<Call> answer) {
        script = answer;
    }

    List<Call> calls() {
        return calls;
    }

    /** That call, as soon as there is one. */
    Call call(int index) {
        Await.until(SOON, () -> "there is no call " + index, () -> calls.size() > index);
        return calls.get(index);
    }

    @Override
    public UpstreamCall send(UpstreamRequest request, @Nullable RequestBody body, UpstreamListener listener) {
        Call call = new Call(request, body, listener);
        calls.add(call);
        script.accept(call);
        return call;
    }

    /** One attempt, as its connection sees it. */
    static final class Call implements UpstreamCall {
        private final UpstreamRequest request;
        private final @Nullable RequestBody body;
        private final UpstreamListener listener;
        private final Taking output = new Taking();
        private volatile int aborts;

        private Call(UpstreamRequest request, @Nullable RequestBody body, UpstreamListener listener) {
            this.request = request;
            this.body = body;
            this.listener = listener;
        }

        UpstreamRequest request() {
            return request;
        }

        UpstreamListener listener() {
            return listener;
        }

        @Override
        public void abort() {
            aborts++;
        }

        boolean isAborted() {
            return aborts > 0;
        }

        /** What has come of the body until now; takes what there is. */
        String sent() {
            if (body != null && !output.ended) {
                try {
                    body.produce(output);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return output.taken.toString(StandardCharsets.UTF_8);
        }

        /** Whether all of the body has come. */
        boolean isSentWhole() {
            return output.ended;
        }

        void head(int status, String... headers) {
            listener.head(status, Headers.of(headers), Content.DELIMITED);
        }

        void head(Content content, int status, String... headers) {
            listener.head(status, Headers.of(headers), content);
        }

        void data(String text) {
            data(text.getBytes(StandardCharsets.UTF_8));
        }

        void data(byte[] all) {
            ByteBuffer bytes = ByteBuffer.wrap(all);
            listener.data(bytes);
            if (bytes.hasRemaining()) {
                throw new AssertionError("not all of the bytes were taken");
            }
            listener.paused();
        }

        void end() {
            listener.end();
        }

        void fail(FailureKind kind) {
            listener.failed(GatewayException.of(kind, "the provider failed"));
        }

        void spend(Window window) {
            try {
                listener.windowSpent(window);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** A whole answer. */
        void answer(int status, String json) {
            head(status, "Content-Type", "application/json", "Content-Length", "" + json.length());
            data(json);
            end();
        }

        /** Takes whatever comes. */
        private static final class Taking implements RequestOutput {
            private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
            private volatile boolean ended;

            @Override
            public int write(ByteBuffer source) {
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                taken.writeBytes(bytes);
                return bytes.length;
            }

            @Override
            public void requestOutput() {
                // It has taken all that there was.
            }

            @Override
            public void end() {
                ended = true;
            }
        }
    }
}
