package io.plano.bridge;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** What a container tells of an asynchronous request, handed on to the owner of its response. Container threads. */
final class ContainerNews implements AsyncListener {
    private final ResponseBridge response;

    ContainerNews(ResponseBridge response) {
        this.response = response;
    }

    @Override
    public void onError(AsyncEvent event) {
        response.lostByContainer();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // The timeout is switched off; a container that has one all the same ends the exchange.
        response.lostByContainer();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        response.completedByContainer();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Asynchronous processing is started once.
    }
}
