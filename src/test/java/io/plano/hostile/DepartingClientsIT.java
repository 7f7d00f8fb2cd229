package io.plano.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.testing.CapturedLogs;
import io.plano.testing.FakeUpstream;
import io.plano.testing.LeakChecked;
import io.plano.testing.RawClient;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@LeakChecked
@DisplayName("Clients that leave their streams")
class DepartingClientsIT {
    private static final Duration LONG = Duration.ofSeconds(10);

    /** How a client leaves. */
    enum Leaving {
        CLOSE,
        RESET
    }

    @ParameterizedTest
    @EnumSource
    void leaveNothingInTheLogs(Leaving leaving) {
        try (FakeUpstream upstream = FakeUpstream.start().onRequest(request -> stream(request.index()));
                Door.Open gateway = Door.STANDALONE.open(upstream.baseUrl());
                CapturedLogs logs = CapturedLogs.start()) {
            for (int i = 0; i < 60; i++) {
                try (RawClient client = gateway.connect()) {
                    RawResponse response = client.request("POST", "/v1/chat/completions")
                            .header("Authorization", "Bearer k")
                            .json("{\"model\":\"gpt-4o\",\"stream\":true}")
                            .exchange();
                    assertThat(response.readEvent()).isPresent();
                    if (leaving == Leaving.RESET) {
                        client.reset();
                    }
                }
            }
            upstream.awaitNoOpenConnections(LONG);
            assertThat(logs.entriesOf("org.eclipse.jetty.util.Blocker")).isEmpty();
            logs.assertNothingContains("incomplete");
        }
    }

    private static Reply stream(int index) {
        Reply stream = Reply.stream().chunk("data: {}\n\n");
        return index % 2 == 0
                ? stream.endlessChunks(
                        "data: {}\n\n".repeat(index + 1).getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                : stream.stall();
    }
}
