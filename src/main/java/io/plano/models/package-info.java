/**
 * Which models there are: those of the file, and those that the upstreams of wildcards list. Read {@link
 * io.plano.models.ModelDiscovery} first.
 */
@NullMarked
package io.plano.models;

import org.jspecify.annotations.NullMarked;
