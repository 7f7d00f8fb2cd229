/**
 * The story of one exchange. Knows neither servlets nor the HTTP library: its client is a {@code client.ClientSide}, its
 * provider a {@code upstream.ProviderCalls}. Read {@link io.plano.proxy.ReverseProxy} first, top to bottom.
 */
@NullMarked
package io.plano.proxy;

import org.jspecify.annotations.NullMarked;
