/**
 * Secrets and the decision whose goes upstream. A credential enters in two places (the filter, the configuration) and leaves
 * in one (the provider's placement). Read {@link io.plano.credential.CredentialResolver} first.
 */
@NullMarked
package io.plano.credential;

import org.jspecify.annotations.NullMarked;
