package io.plano.bridge;

import io.plano.http.Headers;
import io.plano.http.ResponseHead;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The end of a response of a real container; what each of them wants for an abort is in {@link ClientAbort}. */
final class ContainerEnding implements ResponseEnding {
    /** Not asked of {@link #async}, which does not tell it any more once the request has been taken back. */
    private final HttpServletRequest request;

    private final HttpServletResponse response;
    private final AsyncContext async;

    ContainerEnding(HttpServletRequest request, HttpServletResponse response, AsyncContext async) {
        this.request = request;
        this.response = response;
        this.async = async;
    }

    @Override
    public boolean canSend(Headers fields) {
        return ContainerHeads.canSend(fields, request, response);
    }

    @Override
    public void announce(ResponseHead head) {
        ContainerHeads.keepClosing(head.headers(), request, response);
        if (!head.hasKnownLength()) {
            ClientAbort.prepare(response, async);
        }
    }

    @Override
    public void complete() {
        try {
            async.complete();
        } catch (Error defect) {
            abort(); // nobody knows how much was sent
        }
    }

    @Override
    public void abort() {
        ClientAbort.abortSurely(response, async);
    }

    @Override
    public void cut() {
        if (CatalinaConnection.closeNow(response)) {
            return;
        }
        try {
            response.sendError(-1);
        } catch (IOException | IllegalStateException | IllegalArgumentException e) {
            // A container that has no such order; it has noticed itself that the connection is gone.
        }
    }

    /** Containers differ in whether they complete a request whose client has gone; doing it twice is an error in some. */
    @Override
    public void release() {
        try {
            async.complete();
        } catch (IllegalStateException e) {
            // The container was faster.
        }
    }

    @Override
    public boolean callsBackOnItsOwnThreads() {
        return CatalinaConnection.owns(async);
    }
}
