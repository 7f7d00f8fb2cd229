/**
 * Secrets and the decision whose goes upstream. Layer 2; uses {@code http} and {@code failure}. A credential enters in
 * two places (the filter, the configuration) and leaves in one (the provider's placement). Read {@link
 * io.plano.credential.CredentialResolver} first.
 */
@NullMarked
package io.plano.credential;

import org.jspecify.annotations.NullMarked;
