/**
 * The story of one exchange. Knows no servlets; of the HTTP library only the interfaces by which bodies are handed over. Read
 * {@link io.plano.proxy.ReverseProxy} first, top to bottom.
 */
@NullMarked
package io.plano.proxy;

import org.jspecify.annotations.NullMarked;
