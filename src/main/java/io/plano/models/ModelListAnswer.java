package io.plano.models;

import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.translate.ModelIds;
import io.plano.upstream.UpstreamListener;
import io.plano.upstream.Window;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A provider's answer when it is asked for its models: ids, or the failure to get any. Called by one reactor thread. */
final class ModelListAnswer implements UpstreamListener {
    /** In bytes. */
    static final int MAX_LENGTH = 4 << 20;

    private final CompletableFuture<List<String>> ids;
    private final ModelIds list = new ModelIds();
    private int status;
    private long length;

    /**
     * @param ids completed by the end of the answer, exceptionally where it is no list of models
     */
    ModelListAnswer(CompletableFuture<List<String>> ids) {
        this.ids = ids;
    }

    @Override
    public void head(int answerStatus, Headers headers, Content content) {
        status = answerStatus;
    }

    @Override
    public void data(ByteBuffer bytes) {
        length += bytes.remaining();
        if (length > MAX_LENGTH) {
            ids.completeExceptionally(new IOException("longer than " + MAX_LENGTH + " bytes"));
        }
        if (status != 200 || ids.isDone()) {
            bytes.position(bytes.limit()); // read to its end, so that the connection can be used again
            return;
        }
        try {
            list.accept(bytes);
        } catch (IOException | RuntimeException | Error e) {
            ids.completeExceptionally(e);
        }
    }

    @Override
    public void paused() {
        // The list is read when it is complete.
    }

    @Override
    public void windowSpent(Window window) throws IOException {
        window.update(Integer.MAX_VALUE);
    }

    @Override
    public void end() {
        try {
            if (status != 200) {
                throw new IOException("status " + status);
            }
            if (!ids.isDone()) {
                ids.complete(list.finish());
            }
        } catch (IOException | RuntimeException | Error e) {
            ids.completeExceptionally(e);
        }
    }

    @Override
    public void failed(GatewayException failure) {
        ids.completeExceptionally(failure);
    }
}
