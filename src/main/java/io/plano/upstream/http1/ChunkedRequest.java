package io.plano.upstream.http1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.nio.ContentEncoder;
import org.jspecify.annotations.Nullable;

/**
 * A chunked request body that only its producer ends. Where a refusal comes before the body is complete, HttpCore sends a
 * last chunk in its name, to keep the connection: the provider would take for whole what the client has not finished (RFC
 * 9112 §8). Here nothing more is sent, and since this is no encoder of HttpCore's own, it closes the connection behind
 * the answer, as it does with a body of known length.
 */
final class ChunkedRequest implements ContentEncoder {
    private final ContentEncoder encoder;
    private final BooleanSupplier ended;
    private boolean abandoned;

    /**
     * @param ended whether the producer has said that its body is complete
     */
    ChunkedRequest(ContentEncoder encoder, BooleanSupplier ended) {
        this.encoder = encoder;
        this.ended = ended;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return encoder.write(source);
    }

    @Override
    public void complete(@Nullable List<? extends Header> trailers) throws IOException {
        if (ended.getAsBoolean()) {
            encoder.complete(trailers);
        } else {
            abandoned = true;
        }
    }

    @Override
    public boolean isCompleted() {
        return abandoned || encoder.isCompleted();
    }
}
