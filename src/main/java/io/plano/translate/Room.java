package io.plano.translate;

/** Where memory is reserved before it is taken. */
public interface Room {
    /** For what is small by its own limits. */
    Room UNLIMITED = new Room() {
        @Override
        public boolean reserve(long bytes) {
            return true;
        }

        @Override
        public void release(long bytes) {
            // Nobody counts.
        }
    };

    /** Whether there is room for so many bytes more. */
    boolean reserve(long bytes);

    /** Gives back what was reserved. */
    void release(long bytes);
}
