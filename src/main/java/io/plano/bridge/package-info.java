/**
 * Between the servlet container and the upstream client: the only package that knows both. Read {@link
 * io.plano.bridge.ResponseBridge} first, then {@link io.plano.bridge.SerialLoop}.
 */
@NullMarked
package io.plano.bridge;

import org.jspecify.annotations.NullMarked;
