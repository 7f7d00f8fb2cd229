package io.plano.upstream.attempt;

import static io.plano.failure.FailureKind.UPSTREAM_CONNECT_TIMEOUT;
import static io.plano.failure.FailureKind.UPSTREAM_NAME_UNRESOLVED;
import static io.plano.failure.FailureKind.UPSTREAM_PROTOCOL;
import static io.plano.failure.FailureKind.UPSTREAM_TIMEOUT;
import static io.plano.failure.FailureKind.UPSTREAM_TLS;
import static io.plano.failure.FailureKind.UPSTREAM_TRUNCATED;
import static io.plano.failure.FailureKind.UPSTREAM_UNREACHABLE;
import static io.plano.upstream.attempt.UpstreamFailures.Phase.AWAITING_HEAD;
import static io.plano.upstream.attempt.UpstreamFailures.Phase.CONNECTING;
import static io.plano.upstream.attempt.UpstreamFailures.Phase.READING_BODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.route.AttemptPlan;
import io.plano.route.AttemptPlanTest;
import io.plano.route.Outcome;
import io.plano.route.Verdict;
import io.plano.upstream.attempt.UpstreamFailures.Phase;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class UpstreamFailuresTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new UnknownHostException("secret.example"), CONNECTING, UPSTREAM_NAME_UNRESOLVED),
                arguments(new UnresolvedAddressException(), CONNECTING, UPSTREAM_NAME_UNRESOLVED),
                arguments(new ConnectException("to secret.example:1"), CONNECTING, UPSTREAM_UNREACHABLE),
                arguments(new NoRouteToHostException("secret.example"), CONNECTING, UPSTREAM_UNREACHABLE),
                arguments(new SocketTimeoutException("5 s"), CONNECTING, UPSTREAM_CONNECT_TIMEOUT),
                arguments(new SSLHandshakeException("PKIX secret.example"), CONNECTING, UPSTREAM_TLS),
                arguments(new SSLPeerUnverifiedException("secret.example"), CONNECTING, UPSTREAM_TLS),
                arguments(new SocketException("reset"), CONNECTING, UPSTREAM_UNREACHABLE),
                arguments(new ConnectionClosedException(), CONNECTING, UPSTREAM_UNREACHABLE),
                arguments(new SocketTimeoutException("300 s"), AWAITING_HEAD, UPSTREAM_TIMEOUT),
                arguments(new SSLHandshakeException("certificate required"), AWAITING_HEAD, UPSTREAM_TRUNCATED),
                arguments(new ConnectionClosedException(), AWAITING_HEAD, UPSTREAM_TRUNCATED),
                arguments(new SocketException("Connection reset"), AWAITING_HEAD, UPSTREAM_TRUNCATED),
                arguments(new ClosedChannelException(), AWAITING_HEAD, UPSTREAM_TRUNCATED),
                arguments(new ProtocolException("no HTTP"), AWAITING_HEAD, UPSTREAM_PROTOCOL),
                arguments(new ParseException("no HTTP"), AWAITING_HEAD, UPSTREAM_PROTOCOL),
                arguments(new MessageConstraintException("too long"), AWAITING_HEAD, UPSTREAM_PROTOCOL),
                arguments(new SocketTimeoutException("300 s"), READING_BODY, UPSTREAM_TIMEOUT),
                arguments(new ConnectionClosedException(), READING_BODY, UPSTREAM_TRUNCATED),
                arguments(new SocketException("Connection reset"), READING_BODY, UPSTREAM_TRUNCATED),
                arguments(new TruncatedChunkException("5 of 9"), READING_BODY, UPSTREAM_TRUNCATED),
                arguments(new SSLException("cut off"), READING_BODY, UPSTREAM_TRUNCATED),
                arguments(new MalformedChunkCodingException("xyz"), READING_BODY, UPSTREAM_PROTOCOL),
                arguments(new ProtocolException("again a head"), READING_BODY, UPSTREAM_PROTOCOL),
                arguments(new IOException("whatever"), READING_BODY, UPSTREAM_TRUNCATED),
                arguments(new IllegalStateException("whatever"), READING_BODY, UPSTREAM_TRUNCATED),
                arguments(new RequestNotExecutedException(), AWAITING_HEAD, UPSTREAM_TRUNCATED));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyExceptionHasItsKind(Exception cause, Phase phase, FailureKind kind) {
        GatewayException failure = UpstreamFailures.classify(cause, phase);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasCause(cause);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void theWordsForTheClientNameNoHostAndNoClassR74(Exception cause, Phase phase, FailureKind kind) {
        String words = UpstreamFailures.classify(cause, phase).clientMessage();
        assertThat(words).isNotBlank().doesNotContain("secret", "Exception", "PKIX", "java", "apache");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void onlyWhatNeverReachedTheProviderAllowsTheNextTargetR72(Exception cause, Phase phase, FailureKind kind) {
        Outcome failed =
                new Outcome.Failed(UpstreamFailures.classify(cause, phase).kind());
        if (AttemptPlanTest.ofTwo(AttemptPlan.Body.HELD).judge(failed) instanceof Verdict.Next) {
            assertThat(phase).isEqualTo(CONNECTING);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsKnownAlreadyStaysWhatItIs(Phase phase) {
        GatewayException known = GatewayException.of(FailureKind.OVERLOADED, "known");
        assertThat(UpstreamFailures.classify(known, phase)).isSameAs(known);
    }

    @Test
    void everyPhaseKnowsAnUnheardOfException() {
        for (Phase phase : Phase.values()) {
            assertThat(UpstreamFailures.classify(new Exception("unheard of"), phase)
                            .kind())
                    .isIn(UPSTREAM_UNREACHABLE, UPSTREAM_TRUNCATED);
        }
    }
}
