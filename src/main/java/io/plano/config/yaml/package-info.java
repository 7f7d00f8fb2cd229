/**
 * YAML with positions: nodes, typed values with their variables, the schema, and problems that name line, column and key.
 * The only package that knows SnakeYAML. Read {@link io.plano.config.yaml.Section} first.
 */
@NullMarked
package io.plano.config.yaml;

import org.jspecify.annotations.NullMarked;
