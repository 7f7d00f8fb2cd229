/**
 * Certificates and keys that the configuration names. Read {@link io.plano.config.tls.TlsReader} first.
 */
@NullMarked
package io.plano.config.tls;

import org.jspecify.annotations.NullMarked;
