package io.plano.client.servlet;

import io.plano.client.ContainerNotices;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/** What a container tells of one response, in the words of the Servlet API. Called on container threads. */
final class ContainerCallbacks implements WriteListener, AsyncListener {
    private final ContainerNotices notices;

    ContainerCallbacks(ContainerNotices notices) {
        this.notices = notices;
    }

    /** Called on the container thread that started the asynchronous request, before anything else. */
    void register(ContainerOutput output, AsyncContext async) throws IOException {
        async.setTimeout(0);
        async.addListener(this);
        output.open();
        notices.begin();
        output.start(this);
    }

    @Override
    public void onWritePossible() {
        notices.writable();
    }

    @Override
    public void onError(Throwable cause) {
        notices.lost();
    }

    @Override
    public void onError(AsyncEvent event) {
        notices.lost();
    }

    /**
     * There is no timeout. Tomcat calls this all the same: for what is open in an application that is not available any
     * more, once a second, and for everything when a connector stops (Spring Boot stops connectors before applications).
     */
    @Override
    public void onTimeout(AsyncEvent event) {
        notices.withdrawn();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        notices.ended();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Asynchronous processing is started once.
    }
}
