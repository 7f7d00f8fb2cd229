package io.plano.client.servlet;

import io.plano.client.ResponseOutput;
import io.plano.http.Headers;
import io.plano.http.ResponseHead;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A container's response. Its unchecked exceptions can be told from our own: containers say in several ways that a
 * connection is gone, and some of them are unchecked.
 */
final class ContainerOutput implements ResponseOutput {
    /** Not asked of {@link #async}, which does not tell it any more once the request has been taken back. */
    private final HttpServletRequest request;

    private final HttpServletResponse response;
    private final AsyncContext async;

    /** Set before the container can call back, and so before anything is written. */
    private @Nullable ServletOutputStream stream;

    ContainerOutput(HttpServletRequest request, HttpServletResponse response, AsyncContext async) {
        this.request = request;
        this.response = response;
        this.async = async;
    }

    /** Called on the container thread that started the asynchronous request. */
    void open() throws IOException {
        stream = response.getOutputStream();
    }

    /** From now on the container calls back. */
    void start(WriteListener listener) {
        stream().setWriteListener(listener);
    }

    private ServletOutputStream stream() {
        return Objects.requireNonNull(stream, "opened");
    }

    @Override
    public void addHeaders(Headers fields) {
        for (int i = 0; i < fields.size(); i++) {
            response.addHeader(fields.name(i), fields.value(i));
        }
    }

    @Override
    public boolean canSend(Headers fields) {
        return ContainerHeads.canSend(fields, request, response);
    }

    @Override
    public boolean isReady() {
        try {
            return stream().isReady();
        } catch (RuntimeException e) {
            throw new Lost(e);
        }
    }

    /** Sees to it as well that its framing holds, and that an abort will be visible. */
    @Override
    public void head(ResponseHead head) {
        response.setStatus(head.status());
        addHeaders(head.headers());
        if (head.hasKnownLength()) {
            response.setContentLengthLong(head.length());
        }
        ContainerHeads.keepClosing(head.headers(), request, response);
        if (!head.hasKnownLength()) {
            ClientAbort.prepare(response, async);
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        try {
            stream().write(bytes);
        } catch (RuntimeException e) {
            throw new Lost(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            stream().flush();
        } catch (RuntimeException e) {
            throw new Lost(e);
        }
    }
}
