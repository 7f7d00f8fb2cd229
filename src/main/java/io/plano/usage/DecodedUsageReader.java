package io.plano.usage;

import io.plano.body.PushInflater;

/** Reads what passes in compressed form. One thread at a time. */
final class DecodedUsageReader implements UsageReader {
    private final PushInflater inflater;

    private DecodedUsageReader(PushInflater inflater) {
        this.inflater = inflater;
    }

    static DecodedUsageReader ofGzip(UsageReader decoded) {
        return new DecodedUsageReader(PushInflater.ofGzip(decoded::accept));
    }

    static DecodedUsageReader ofDeflate(UsageReader decoded) {
        return new DecodedUsageReader(PushInflater.ofDeflate(decoded::accept));
    }

    @Override
    public void accept(byte[] bytes, int from, int to) {
        inflater.accept(bytes, from, to);
    }

    @Override
    public long heldBytes() {
        return PushInflater.HELD_BYTES;
    }

    @Override
    public void close() {
        inflater.close();
    }
}
