package io.plano.config.yaml;

import org.yaml.snakeyaml.error.Mark;

/** A place in a file; both numbers are 1-based. */
public record Position(int line, int column) {
    /** Where problems of the file as a whole are reported. */
    public static final Position START = new Position(1, 1);

    public static Position of(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
