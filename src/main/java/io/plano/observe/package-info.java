/**
 * What is told of an exchange when it has ended. Listeners change nothing and never hold an exchange up. Read {@link
 * io.plano.observe.ExchangeRecord} first.
 */
@NullMarked
package io.plano.observe;

import org.jspecify.annotations.NullMarked;
