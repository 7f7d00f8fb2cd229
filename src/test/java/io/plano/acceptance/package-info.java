/**
 * The finished archive, unchanged, in the containers' own distributions: a program of its own, {@link
 * io.plano.acceptance.ContainerAcceptance}, that {@code .ci/containers} runs. It uses the harness of the integration
 * tests and nothing of the gateway's classes; what upstream and client see is asserted on raw bytes.
 */
@NullMarked
package io.plano.acceptance;

import org.jspecify.annotations.NullMarked;
