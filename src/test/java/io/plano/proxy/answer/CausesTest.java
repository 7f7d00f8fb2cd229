package io.plano.proxy.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.ParseException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CausesTest {
    @Test
    void showsWhatTheJdkSaysOfConnections() {
        assertThat(Causes.describe(new IllegalStateException("x", new ConnectException("Connection refused"))))
                .isEqualTo("java.lang.IllegalStateException <- java.net.ConnectException: Connection refused");
    }

    @Test
    @DisplayName("R49: shows nothing that a parser quotes of a provider's answer")
    void hidesWhatParsersQuote() {
        for (Exception parser : new Exception[] {
            new ParseException("invalid: sk-CANARY"),
            new MalformedChunkCodingException("Bad chunk header: sk-CANARY"),
            new NumberFormatException("For input string: \"sk-CANARY\"")
        }) {
            assertThat(Causes.describe(new IOException("broken", parser)))
                    .startsWith("java.io.IOException: broken <- ")
                    .contains(parser.getClass().getName())
                    .doesNotContain("CANARY");
        }
    }

    @Test
    void endsInACircleOfCauses() {
        Exception first = new Exception("a");
        first.initCause(new Exception("b", first));
        assertThat(Causes.describe(first)).hasSizeLessThan(200);
    }
}
