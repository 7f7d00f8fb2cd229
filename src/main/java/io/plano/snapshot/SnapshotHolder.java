package io.plano.snapshot;

import org.jspecify.annotations.Nullable;

/** The current snapshot: one volatile field, read once per exchange. */
public final class SnapshotHolder {
    private volatile @Nullable GatewaySnapshot current;

    /** Null until a configuration has loaded. */
    public @Nullable GatewaySnapshot current() {
        return current;
    }

    /** Exchanges that open from now on see the new snapshot; open ones keep theirs. */
    public void replace(GatewaySnapshot snapshot) {
        current = snapshot;
    }
}
