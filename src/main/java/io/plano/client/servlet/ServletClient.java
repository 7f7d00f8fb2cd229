package io.plano.client.servlet;

import io.plano.budget.Holding;
import io.plano.client.ClientSide;
import io.plano.client.ClientWatch;
import io.plano.client.ContainerNotices;
import io.plano.client.ResponseBridge;
import io.plano.client.ResponseEnding;
import io.plano.client.ResponseOwner;
import io.plano.credential.InboundCredentials;
import io.plano.http.RequestHead;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client in a servlet container: a request that is about to become an exchange.
 *
 * @param credentials what the client's credential slots held
 */
public record ServletClient(
        HttpServletRequest request, HttpServletResponse response, RequestHead head, InboundCredentials credentials) {

    /**
     * Makes the request asynchronous. Called on its container thread.
     *
     * @param holding what the exchange holds in memory
     * @param owner makes the exchange, which hears once how it ended
     */
    public void open(Holding holding, Function<ClientSide, ? extends ResponseOwner> owner) throws IOException {
        AsyncContext async = request.startAsync(request, response);
        @Nullable
        ClientWatch watch = request.getAttribute(ClientWatch.ATTRIBUTE) instanceof ClientWatch found ? found : null;
        ResponseEnding ending = new ContainerEnding(response, async);
        ContainerOutput output = new ContainerOutput(request, response, async);
        ResponseBridge bridge = new ResponseBridge(output, ending, watch, holding);
        ClientSide.Request asked =
                new ClientSide.Request(head, credentials, () -> new ContainerInput(request.getInputStream()));
        ResponseOwner made = owner.apply(new ClientSide(asked, watch, bridge, holding));
        new ContainerCallbacks(new ContainerNotices(bridge, ending, made)).register(output, async);
    }
}
