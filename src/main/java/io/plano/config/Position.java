package io.plano.config;

import org.yaml.snakeyaml.error.Mark;

/** A place in a file; both numbers are 1-based. */
record Position(int line, int column) {
    /** Where problems of the file as a whole are reported. */
    static final Position START = new Position(1, 1);

    static Position of(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
