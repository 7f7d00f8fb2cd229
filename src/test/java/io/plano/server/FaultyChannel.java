package io.plano.server;

import io.plano.hostile.Failings;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;

/** A socket without a network, from which nothing comes, and one of whose methods throws at its n-th call. One thread. */
final class FaultyChannel extends SocketChannel {
    private final String method;
    private final int time;
    private final Failings error;
    private int calls;

    FaultyChannel(String method, int time, Failings error) {
        super(SelectorProvider.provider());
        this.method = method;
        this.time = time;
        this.error = error;
    }

    private void called(String name) {
        if (name.equals(method) && ++calls == time) {
            throw error.get();
        }
    }

    @Override
    public SocketChannel shutdownOutput() {
        called("shutdownOutput");
        return this;
    }

    @Override
    public int read(ByteBuffer buffer) {
        called("read");
        return 0;
    }

    @Override
    public int write(ByteBuffer buffer) {
        called("write");
        int length = buffer.remaining();
        buffer.position(buffer.limit());
        return length;
    }

    @Override
    protected void implCloseSelectableChannel() {}

    @Override
    protected void implConfigureBlocking(boolean block) {}

    @Override
    public SocketChannel bind(SocketAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Set.of();
    }

    @Override
    public SocketChannel shutdownInput() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket socket() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isConnectionPending() {
        return false;
    }

    @Override
    public boolean connect(SocketAddress remote) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean finishConnect() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress getRemoteAddress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] buffers, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress getLocalAddress() {
        throw new UnsupportedOperationException();
    }
}
