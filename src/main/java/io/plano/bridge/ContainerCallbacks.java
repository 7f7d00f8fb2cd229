package io.plano.bridge;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * What a container tells of one response. Called on container threads.
 *
 * <h2>Requests that are taken back</h2>
 *
 * When a callback about an error or a timeout returns, the container ends the request, and may then use its objects for
 * another client's. So the response is ended here, on the container's thread, and nowhere else; and not before a thread
 * that runs into the same error in a write or read of ours has come out of the container's code: Tomcat announces an error
 * before it has noted it, and the note would meet the next client.
 *
 * <p>Whatever has no end of its own is aborted first: a container completes what it takes back, and a completed response
 * looks whole to its client, who may still be there. That is certain for a timeout, and possible for an error (a write that
 * took too long).
 */
final class ContainerCallbacks implements WriteListener, AsyncListener {
    private static final String STOPPING = "The gateway is shutting down; send the request again.";

    private final ResponseBridge bridge;
    private final ResponseEnding ending;
    private final ResponseOwner owner;

    ContainerCallbacks(ResponseBridge bridge, ResponseEnding ending, ResponseOwner owner) {
        this.bridge = bridge;
        this.ending = ending;
        this.owner = owner;
    }

    /** Called on the container thread that started the asynchronous request, before anything else. */
    void register(HttpServletResponse response, AsyncContext async) throws IOException {
        async.setTimeout(0);
        async.addListener(this);
        ServletOutputStream stream = response.getOutputStream();
        bridge.writeTo(stream, owner);
        stream.setWriteListener(this);
    }

    @Override
    public void onWritePossible() {
        bridge.writable();
    }

    @Override
    public void onError(Throwable cause) {
        lost();
    }

    @Override
    public void onError(AsyncEvent event) {
        lost();
    }

    /**
     * There is no timeout. Tomcat calls this all the same: for what is open in an application that is not available any
     * more, once a second, and for everything when a connector stops (Spring Boot stops connectors before applications).
     */
    @Override
    public void onTimeout(AsyncEvent event) {
        owner.withdrawn();
        awaitOthers();
        if (!bridge.handover().isOver()) {
            bridge.cut(GatewayException.of(FailureKind.OVERLOADED, STOPPING));
            awaitOthers();
        }
        if (bridge.handover().isOver()) {
            giveBack();
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        bridge.release();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Asynchronous processing is started once.
    }

    private void lost() {
        bridge.leaveToContainer();
        awaitOthers();
        giveBack();
    }

    private void giveBack() {
        if (!bridge.handover().isWhole()) {
            ending.cut();
        }
        ending.release();
    }

    /** Where the callback comes from within a write of ours there is nobody to wait for. */
    private void awaitOthers() {
        bridge.awaitIdle();
    }
}
