package io.plano.upstream.http1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Has no body to send, and notes how it ended. */
abstract class QuietExchange implements AsyncClientExchangeHandler {
    boolean ended;

    @Nullable
    Exception failure;

    @Override
    public int available() {
        return 0;
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {}

    @Override
    public void consumeInformation(HttpResponse response, HttpContext context) {}

    @Override
    public void consumeResponse(HttpResponse response, @Nullable EntityDetails entity, HttpContext context) {}

    @Override
    public void consume(ByteBuffer source) {
        source.position(source.limit());
    }

    @Override
    public void updateCapacity(CapacityChannel window) throws IOException {}

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        ended = true;
    }

    @Override
    public void failed(Exception cause) {
        failure = cause;
    }

    @Override
    public void cancel() {}

    @Override
    public void releaseResources() {}
}
