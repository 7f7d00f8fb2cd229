package io.plano.proxy;

import io.plano.budget.Holding;
import io.plano.client.ClientSide;
import io.plano.client.ResponseOwner;
import java.io.IOException;
import java.util.function.Function;

/** Opens the client's side of an exchange for its owner. */
public interface ClientOpener {
    /**
     * @param holding what the exchange holds in memory
     * @param owner makes the exchange, which hears once how it ended
     */
    void open(Holding holding, Function<ClientSide, ? extends ResponseOwner> owner) throws IOException;
}
