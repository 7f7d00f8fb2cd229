package io.plano.http;

import org.jspecify.annotations.Nullable;

/**
 * What the gateway knows about the response that it is about to commit.
 *
 * @param viaPseudonym the name under which the gateway appears in Via
 * @param bodyChange what becomes of the upstream's body; its Content-Length is kept only with {@link BodyChange#NONE}
 * @param contentType the media type of what goes to the client, where that is not the upstream's own; otherwise null
 * @param credentialed whether the request carried a credential, so that no cache may keep the answer (RFC 9111 §3.5)
 */
public record ClientHead(
        String viaPseudonym,
        BodyChange bodyChange,
        @Nullable String contentType,
        boolean credentialed) {}
