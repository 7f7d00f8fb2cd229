package io.plano.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Listens on an ephemeral loopback port and passes the bytes of each connection on to another one, both ways, until one
 * side ends. What comes before that is for the subclasses. Its threads are daemons.
 */
abstract class SocketRelay implements AutoCloseable {
    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    SocketRelay(ServerSocket server) {
        this.server = server;
    }

    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    final void start() {
        daemon("acceptor", this::acceptAll);
    }

    /** The port that it listens on. */
    public final int port() {
        return server.getLocalPort();
    }

    /** How many connections were ever accepted. */
    public final int accepted() {
        return accepted.size();
    }

    private final List<Socket> accepted = new CopyOnWriteArrayList<>();

    private void acceptAll() {
        try {
            while (true) {
                Socket client = server.accept();
                sockets.add(client);
                accepted.add(client);
                daemon("connection", () -> serveQuietly(client));
            }
        } catch (IOException closed) {
            // the end
        }
    }

    private void serveQuietly(Socket client) {
        try (client) {
            serve(client);
        } catch (IOException broken) {
            // the other side will notice
        }
    }

    abstract void serve(Socket client) throws IOException;

    /** Returns when one of the two sides has ended. */
    final void relay(Socket client, int port) throws IOException {
        try (Socket target = new Socket(LOOPBACK, port)) {
            sockets.add(target);
            daemon("answers", () -> {
                try (client;
                        target) {
                    copy(target.getInputStream(), client.getOutputStream());
                } catch (IOException broken) {
                    // the other direction will notice
                }
            });
            copy(client.getInputStream(), target.getOutputStream());
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[8 << 10];
        for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
            to.write(buffer, 0, count);
            to.flush();
        }
    }

    private void daemon(String role, Runnable task) {
        Thread thread = new Thread(task, "relay-" + port() + "-" + role);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public final void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
