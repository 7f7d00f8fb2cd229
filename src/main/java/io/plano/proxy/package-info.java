/**
 * The story of one exchange. Layer 9; knows neither servlets nor HttpClient. Read {@link io.plano.proxy.ReverseProxy}
 * first, top to bottom.
 */
@NullMarked
package io.plano.proxy;

import org.jspecify.annotations.NullMarked;
