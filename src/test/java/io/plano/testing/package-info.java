/**
 * The harness of the integration tests: an upstream and a client on raw sockets that can misbehave in every way that a
 * real one can, the containers that run the real web application, and the checks that nothing leaks, neither
 * connections nor threads nor secrets. It knows HTTP/1.1 framing and nothing of the gateway's own classes. All sockets
 * are on 127.0.0.1 and ephemeral ports; nothing here sleeps to be right: a test opens a {@link io.plano.testing.Gate}
 * or waits, with a bound, for what it asks for. Read {@link io.plano.testing.FakeUpstream} first.
 */
@NullMarked
package io.plano.testing;

import org.jspecify.annotations.NullMarked;
