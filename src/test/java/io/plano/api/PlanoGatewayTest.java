package io.plano.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.http.RequestHead;
import io.plano.provider.ApiDialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanoGatewayTest {
    private static final RequestHead HEAD =
            new RequestHead("GET", "/v1/x", null, Headers.EMPTY, 0, RequestHead.Body.ABSENT);

    @TempDir
    Path folder;

    private Path file(String model) throws IOException {
        return Files.writeString(folder.resolve("plano.yaml"), """
                version: v0.4.0
                listeners: [{type: model, name: m, address: 127.0.0.1, port: 12000}]
                model_providers:
                  - {model: openai/%s, access_key: $KEY}
                """.formatted(model));
    }

    @Test
    void servesAFileWithTheVariablesThatItIsGiven() throws IOException {
        Path file = file("a");
        try (PlanoGateway gateway = PlanoGateway.builder()
                .config(file)
                .environment(Map.of("KEY", "k"))
                .start()) {
            assertThat(gateway.readiness()).isEqualTo(new Readiness(Readiness.State.READY, "1 providers"));
            assertThat(gateway.snapshot()).isNotNull();
        }
    }

    @Test
    void startsWithoutAValidConfigurationAndSaysSo() throws IOException {
        Path file = file("a");
        try (PlanoGateway gateway =
                PlanoGateway.builder().config(file).environment(Map.of()).start()) {
            assertThat(gateway.readiness().isReady()).isFalse();
            assertThat(gateway.readiness().message()).contains("is invalid").doesNotContain("KEY");
        }
        try (PlanoGateway gateway =
                PlanoGateway.builder().noConfig("Looked nowhere.").start()) {
            assertThat(gateway.readiness()).isEqualTo(new Readiness(Readiness.State.NOT_READY, "Looked nowhere."));
        }
    }

    @Test
    void tellsEveryListenerAndTheLogOfAnExchange() throws IOException {
        List<String> told = new CopyOnWriteArrayList<>();
        List<String> lines = new CopyOnWriteArrayList<>();
        try (PlanoGateway gateway = PlanoGateway.builder()
                .config(file("a"))
                .environment(Map.of("KEY", "k"))
                .exchanges(exchange -> told.add("one " + exchange.path()))
                .exchanges(exchange -> told.add("two " + exchange.path()))
                .accessLog(lines::add)
                .start()) {
            gateway.proxy()
                    .refusal(HEAD, ApiDialect.OPENAI, GatewayException.of(FailureKind.NOT_FOUND, "There is none."));
        }
        assertThat(told).containsExactly("one /v1/x", "two /v1/x");
        assertThat(lines).singleElement().asString().contains("path=/v1/x", "status=404");
    }
}
