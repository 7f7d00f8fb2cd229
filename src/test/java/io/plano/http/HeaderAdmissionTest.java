package io.plano.http;

import static io.plano.http.Refusals.assertInvalid;
import static io.plano.http.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.plano.failure.FailureKind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderAdmissionTest {
    private static final HeaderLimits LIMITS = new HeaderLimits(200, 64 << 10);

    private static void check(String... namesAndValues) {
        HeaderAdmission.check(Headers.of(namesAndValues), LIMITS, "plano-1");
    }

    @DisplayName("R4: refuses to let Connection strip a credential")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization",
                "Authorization",
                "close, AUTHORIZATION",
                "x-api-key",
                "keep-alive,,x-api-key ",
                "api-key",
                "x-goog-api-key",
                "x_api_key",
                "cf-aig-authorization"
            })
    void refusesStripping(String connection) {
        assertInvalid(() -> check("Connection", connection));
        assertInvalid(() -> HeaderAdmission.refuseStripping(List.of("close", connection)));
    }

    @DisplayName("R5: other nominations are no reason to refuse")
    @ParameterizedTest
    @ValueSource(
            strings = {"", "close", "Keep-Alive", "close, content-length, host, via", "x-foo", "TE, HTTP2-Settings"})
    void admitsOtherNominations(String connection) {
        assertThatNoException().isThrownBy(() -> check("Connection", connection));
        assertThatNoException().isThrownBy(() -> HeaderAdmission.refuseStripping(List.of(connection)));
    }

    @DisplayName("R9: refuses a request that was here before")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1 plano-1",
                "HTTP/1.1 PLANO-1",
                "1.0 office, 1.1 plano-1 (comment), 1.1 other",
                "1.1   plano-1"
            })
    void refusesLoops(String via) {
        assertRefused(FailureKind.LOOP_DETECTED, () -> check("via", via));
    }

    @DisplayName("R9: other gateways are no loop")
    @ParameterizedTest
    @ValueSource(strings = {"1.1 plano-10", "1.1 office (plano-1)", "plano-1", "", "1.1 plano-1.example"})
    void admitsOtherGateways(String via) {
        assertThatNoException().isThrownBy(() -> check("Via", via));
    }

    @DisplayName("R19, R20: refuses values and names that could end a line")
    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Injected: 1", "a\nb", "a\rb", "a\u0000b", "\n"})
    void refusesValuesThatEndALine(String value) {
        assertInvalid(() -> check("X-A", value));
        assertInvalid(() -> check(value, "a"));
    }

    @DisplayName("R20: refuses names that are no tokens")
    @ParameterizedTest
    @ValueSource(strings = {"", "Host ", " Host", "X:Y", "X\u00e9", "X\u007f", "(x)", "X\tY"})
    void refusesNamesThatAreNoTokens(String name) {
        assertInvalid(() -> check(name, "a"));
    }

    @Test
    @DisplayName("R17: refuses two lengths")
    void refusesTwoLengths() {
        assertInvalid(() -> check("Content-Length", "5", "content-length", "6"));
        assertThatNoException().isThrownBy(() -> check("Content-Length", "5", "content-length", "5"));
    }

    @DisplayName("R18: refuses a length that is not digits alone")
    @ParameterizedTest
    @ValueSource(strings = {"+5", "-5", "", " ", "0x5", "5, 5", "5, 6", "5 5", "5.0", "٥", "99999999999999999999"})
    void refusesMalformedLengths(String length) {
        assertInvalid(() -> check("Content-Length", length));
    }

    @Test
    @DisplayName("R16: refuses two ways of framing")
    void refusesTwoWaysOfFraming() {
        assertInvalid(() -> check("Content-Length", "5", "Transfer-Encoding", "chunked"));
        assertInvalid(() -> check("transfer-encoding", "identity", "content-length", "5"));
    }

    @DisplayName("refuses any transfer coding but chunked (RFC 9112 §6.1)")
    @ParameterizedTest
    @ValueSource(strings = {"gzip, chunked", "gzip", "identity", "chunked, gzip", "chunked, chunked", "xchunked", ""})
    void refusesOtherTransferCodings(String coding) {
        assertRefused(FailureKind.UNSUPPORTED_TRANSFER_CODING, () -> check("Transfer-Encoding", coding));
    }

    @DisplayName("lets chunked pass")
    @ParameterizedTest
    @ValueSource(strings = {"chunked", "Chunked", " chunked "})
    void letsChunkedPass(String coding) {
        assertThatNoException().isThrownBy(() -> check("Transfer-Encoding", coding));
    }

    @Test
    @DisplayName("R28: refuses too many and too large headers")
    void refusesLargeHeads() {
        String[] many = new String[402];
        Arrays.fill(many, "a");

        assertRefused(FailureKind.HEADERS_TOO_LARGE, () -> check(many));
        assertRefused(FailureKind.HEADERS_TOO_LARGE, () -> check("x", "a".repeat(64 << 10)));
        assertThatNoException().isThrownBy(() -> check(Arrays.copyOf(many, 400)));
        assertThatNoException().isThrownBy(() -> check("x", "a".repeat((64 << 10) - 1)));
    }

    @DisplayName("R38: refuses two credentials in one Authorization")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer a, Bearer b",
                "Bearer a,Bearer b",
                "bearer a,b",
                "Basic a, Bearer b",
                "a,b",
                "sk-a, Bearer sk-b",
                "Digest username=\"x\", Bearer b",
                "Digest username=\"x\", realm=\"y\", Basic dTpw"
            })
    void refusesJoinedCredentials(String value) {
        assertInvalid(() -> HeaderAdmission.refuseAmbiguousAuthorization(List.of(value)));
    }

    @Test
    @DisplayName("R38: refuses two lines of Authorization, even equal ones")
    void refusesTwoAuthorizationLines() {
        assertInvalid(() -> HeaderAdmission.refuseAmbiguousAuthorization(List.of("Bearer a", "Bearer a")));
    }

    @DisplayName("R38: one credential with parameters is one credential")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer sk-a",
                "sk-a",
                "",
                "Basic dTpw",
                "Digest username=\"a b\", realm=\"c d\"",
                "AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host;x-date, Signature=d",
                "Digest username = \"a\", realm = \"b\""
            })
    void admitsOneCredential(String value) {
        assertThatNoException().isThrownBy(() -> HeaderAdmission.refuseAmbiguousAuthorization(List.of(value)));
    }
}
