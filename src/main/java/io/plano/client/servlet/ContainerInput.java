package io.plano.client.servlet;

import io.plano.client.RequestInput;
import io.plano.failure.GatewayException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A container's input stream. */
final class ContainerInput implements RequestInput, ReadListener {
    private final ServletInputStream stream;

    /** Set before the container can call back. */
    private @Nullable Listener listener;

    ContainerInput(ServletInputStream stream) {
        this.stream = stream;
    }

    @Override
    public int available() throws IOException {
        return stream.available();
    }

    @Override
    public void start(Listener told) {
        listener = told;
        stream.setReadListener(this);
    }

    @Override
    public boolean isReady() {
        return stream.isReady();
    }

    @Override
    public boolean isFinished() {
        return stream.isFinished();
    }

    @Override
    public InputStream stream() {
        return stream;
    }

    @Override
    public GatewayException explain(Throwable failure) {
        return BrokenBody.of(failure);
    }

    private Listener listener() {
        return Objects.requireNonNull(listener, "started");
    }

    @Override
    public void onDataAvailable() {
        listener().readable();
    }

    @Override
    public void onAllDataRead() {
        listener().ended();
    }

    @Override
    public void onError(Throwable cause) {
        listener().failed(cause);
    }
}
