package io.plano.command;

import io.plano.config.ConfigLoader;
import io.plano.config.LoadResult;
import io.plano.demo.StandInCredential;
import io.plano.demo.StandInProvider;
import io.plano.server.GatewayServer;
import io.plano.snapshot.GatewaySnapshot;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/**
 * {@code demo}: the gateway in front of {@link StandInProvider}, and three commands to copy that show whose credential
 * goes upstream.
 */
final class Demo {
    /** The key that the gateway itself holds in the demo. Opens nothing. */
    static final String GATEWAY_KEY = "sk-demo-key-of-the-gateway";

    /** The key that the first command sends. Opens nothing either. */
    static final String CLIENT_KEY = "sk-my-own-key";

    private final Console console;

    Demo(Console console) {
        this.console = console;
    }

    /**
     * @param port 0 picks a free one
     * @throws IOException where the port is in use
     */
    int run(int port) throws IOException, InterruptedException {
        StandInProvider provider = StandInProvider.start();
        GatewayServer gateway;
        try {
            gateway = GatewayServer.start(snapshot(provider.uri(), port));
        } catch (IOException failure) {
            provider.close();
            throw new IOException(failure.getMessage() + " (--port N picks another port)", failure);
        }
        console.out().print(introduction(gateway.addresses().get(0).getPort(), provider.uri()));
        console.out().flush();
        console.lifetime().hold(() -> {
            gateway.close();
            provider.close();
        });
        return Main.SUCCESS;
    }

    private GatewaySnapshot snapshot(URI provider, int port) {
        LoadResult loaded = ConfigLoader.parse(configuration(provider, port), "demo", console.environment());
        if (loaded.snapshot() == null) {
            throw new IllegalStateException("the demo's configuration is invalid: " + loaded.problems());
        }
        return loaded.snapshot();
    }

    static String configuration(URI provider, int port) {
        return """
                version: v0.3.0
                listeners:
                  - {type: model, name: demo, address: 127.0.0.1, port: %2$d}
                model_providers:
                  - {model: openai/gpt-4o, base_url: "%1$s", passthrough_auth: true, default: true}
                  - {model: openai/gpt-4o-mini, base_url: "%1$s", access_key: %3$s}
                  - {model: anthropic/claude-sonnet-4-5, base_url: "%1$s", passthrough_auth: true}
                """.formatted(provider, port, GATEWAY_KEY);
    }

    /** The three commands: own key passed through, gateway's key, refusal. */
    static List<String> commands(int port) {
        String url = "curl -N http://127.0.0.1:" + port + "/v1/chat/completions -H 'Content-Type: application/json'";
        String hello = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'";
        return List.of(
                url + " -H 'Authorization: Bearer " + CLIENT_KEY + "' -d '{\"model\":\"gpt-4o\",\"stream\":true,"
                        + hello,
                url + " -d '{\"model\":\"gpt-4o-mini\"," + hello,
                url + " -d '{\"model\":\"gpt-4o\"," + hello);
    }

    private static String introduction(int port, URI provider) {
        List<String> commands = commands(port);
        return """

                Plano Gateway listens on http://127.0.0.1:%d, in front of a stand-in provider on %s
                that says which credential it was paid with. Copy into another terminal:

                1. Your own key goes through to the provider (fingerprint %s), as a stream:
                   %s

                2. The gateway's key pays (fingerprint %s); you need none:
                   %s

                3. A model that wants your key, and you send none: refused, nothing goes upstream.
                   %s

                Ctrl-C ends it.

                """.formatted(
                        port,
                        provider,
                        StandInCredential.fingerprint(CLIENT_KEY),
                        commands.get(0),
                        StandInCredential.fingerprint(GATEWAY_KEY),
                        commands.get(1),
                        commands.get(2));
    }
}
