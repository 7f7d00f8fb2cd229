package io.plano.bench;

import io.plano.config.ConfigLoader;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.server.GatewayServer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * How long a client waits for a small answer while another one sends requests of 30 MB that have to be translated, compared
 * with how long it waits when nobody does. A program of its own, since what counts is the slowest hundredth, and not the
 * mean. Provider, clients and gateway share the process and its processors.
 */
public final class NeighbourLatency {
    private static final int SECONDS = 15;
    private static final String ANSWER = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":"
            + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}";

    private NeighbourLatency() {}

    public static void main(String... arguments) throws Exception {
        try (ServerSocket provider = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            daemon(() -> serve(provider));
            GatewaySnapshot snapshot = Objects.requireNonNull(ConfigLoader.parse("""
                            version: v0.4.0
                            listeners: [{type: model, name: m, address: 127.0.0.1, port: 0}]
                            model_providers:
                              - {model: custom/m, base_url: "http://127.0.0.1:%d", provider_interface: openai, apis: [chat], access_key: k}
                            overrides: {max_buffered_bytes: 1500000000, max_buffered_bytes_per_client: 1500000000, max_json_nodes: 5000000}
                            """.formatted(provider.getLocalPort()), "benchmark", Map.of())
                    .snapshot());
            try (GatewayServer gateway = GatewayServer.start(snapshot)) {
                int port = gateway.addresses().get(0).getPort();
                measure("warm-up", port);
                measure("alone", port);
                for (byte[] large : new byte[][] {text(), parts()}) {
                    Thread neighbour = daemon(() -> repeat(port, large));
                    measure("beside " + large.length / 1_000_000 + " MB", port);
                    neighbour.interrupt();
                    neighbour.join();
                }
            }
        }
    }

    /** One long text. */
    private static byte[] text() {
        return ascii("{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\""
                + "long ".repeat(6_000_000) + "\"}]}");
    }

    /** A hundred thousand messages. */
    private static byte[] parts() {
        String turns = ("{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"" + "long ".repeat(50) + "\"}]},")
                .repeat(100_000);
        return ascii("{\"model\":\"m\",\"max_tokens\":9,\"messages\":[" + turns
                + "{\"role\":\"user\",\"content\":\"Hi\"}]}");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void measure(String name, int port) throws IOException {
        byte[] small = ascii("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
        long[] nanos = new long[2_000_000];
        int count = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        try (Socket socket = connect(port)) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (System.nanoTime() < end && count < nanos.length) {
                long start = System.nanoTime();
                ask(socket.getOutputStream(), "/v1/chat/completions", small);
                skipMessage(in);
                nanos[count++] = System.nanoTime() - start;
            }
        }
        Arrays.sort(nanos, 0, count);
        System.out.printf(
                Locale.ROOT,
                "%-14s %7d requests  p50 %.2f ms  p99 %.2f ms  p99.9 %.2f ms  max %.2f ms%n",
                name,
                count,
                nanos[count / 2] / 1e6,
                nanos[count * 99 / 100] / 1e6,
                nanos[(int) (count * 0.999)] / 1e6,
                nanos[count - 1] / 1e6);
    }

    private static void repeat(int port, byte[] large) {
        int answers = 0;
        while (!Thread.interrupted()) {
            try (Socket socket = connect(port)) {
                ask(socket.getOutputStream(), "/v1/messages", large);
                String status = skipMessage(new BufferedInputStream(socket.getInputStream()));
                if (!status.contains(" 200 ")) {
                    throw new IOException(status);
                }
                answers++;
            } catch (IOException failed) {
                System.out.println("the neighbour failed: " + failed.getMessage());
                return;
            }
        }
        System.out.println("the neighbour got " + answers + " answers");
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void ask(OutputStream out, String path, byte[] body) throws IOException {
        OutputStream buffered = new BufferedOutputStream(out);
        buffered.write(ascii("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length + "\r\n\r\n"));
        buffered.write(body);
        buffered.flush();
    }

    private static void serve(ServerSocket provider) {
        while (true) {
            try {
                Socket socket = provider.accept();
                socket.setTcpNoDelay(true);
                daemon(() -> answer(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void answer(Socket socket) {
        byte[] answer = ascii("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + ANSWER.length()
                + "\r\n\r\n" + ANSWER);
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            while (!skipMessage(in).isEmpty()) {
                socket.getOutputStream().write(answer);
            }
        } catch (IOException closed) {
            // The gateway has gone.
        }
    }

    /** Returns its first line; empty at the end. */
    private static String skipMessage(InputStream in) throws IOException {
        String first = line(in);
        long length = 0;
        for (String line = first; !line.isEmpty(); line = line(in)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Long.parseLong(line.substring(15).strip());
            }
        }
        in.skipNBytes(length);
        return first;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
