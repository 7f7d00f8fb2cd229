/**
 * Clients that people use, against the gateway in both containers: what they send is understood, what they expect comes
 * back, and the key that they were given is the key that the upstream gets. Read {@link io.plano.clients.ClientGateway}
 * first.
 */
@NullMarked
package io.plano.clients;

import org.jspecify.annotations.NullMarked;
