package io.plano.client;

import io.plano.failure.GatewayException;

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
public final class ContainerNotices {
    private final ResponseBridge bridge;
    private final ResponseEnding ending;
    private final ResponseOwner owner;

    /**
     * @param owner whose response it is
     */
    public ContainerNotices(ResponseBridge bridge, ResponseEnding ending, ResponseOwner owner) {
        this.bridge = bridge;
        this.ending = ending;
        this.owner = owner;
    }

    /** From now on the owner hears how it ends; to be called right before the container can call back, on its thread. */
    public void begin() {
        bridge.ownedBy(owner);
    }

    /** The container can take bytes. */
    public void writable() {
        bridge.writable();
    }

    /** The connection is gone, and the container ends the request when this returns. */
    public void lost() {
        bridge.leaveToContainer();
        bridge.awaitIdle();
        giveBack();
    }

    /** The container wants the request back, though its client is still there, and ends it when this returns. */
    public void withdrawn() {
        owner.withdrawn();
        bridge.awaitIdle();
        if (!bridge.handover().isOver()) {
            bridge.cut(GatewayException.shuttingDown());
            bridge.awaitIdle();
        }
        if (bridge.handover().isOver()) {
            giveBack();
        }
    }

    /** The container has done with the request. */
    public void ended() {
        bridge.release();
    }

    private void giveBack() {
        if (!bridge.handover().isWhole()) {
            ending.cut();
        }
        ending.release();
    }
}
