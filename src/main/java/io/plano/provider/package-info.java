/**
 * Provider differences as data: who speaks which API, under which URL, and where its credential goes. Read {@link
 * io.plano.provider.Provider} first.
 */
@NullMarked
package io.plano.provider;

import org.jspecify.annotations.NullMarked;
