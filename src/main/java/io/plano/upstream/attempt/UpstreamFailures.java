package io.plano.upstream.attempt;

import io.plano.failure.DefectException;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;

/**
 * The one place where exceptions of sockets, TLS and the HTTP library become a {@link FailureKind}. The words are for
 * clients, so they name no host: the log has the cause.
 */
public final class UpstreamFailures {
    /** How far an attempt had come. */
    public enum Phase {
        /** No connection yet. */
        CONNECTING,
        /** The request is on its way, and nothing came back. */
        AWAITING_HEAD,
        /** The head of the answer has arrived. */
        READING_BODY
    }

    private UpstreamFailures() {}

    /** What an exception means in that phase; its words name no host. */
    public static GatewayException classify(Throwable cause, Phase phase) {
        if (cause instanceof GatewayException known) {
            return known;
        }
        if (cause instanceof DefectException || cause instanceof Error) {
            return GatewayException.internal(cause);
        }
        FailureKind kind = kindOf(cause, phase);
        return GatewayException.of(kind, message(kind), cause);
    }

    /** For an attempt whose connection is gone, without a word about why. */
    static GatewayException cutOff(Phase phase) {
        return classify(new ConnectionClosedException(), phase);
    }

    /** For an attempt that was ended by {@code timeouts.total}. */
    static GatewayException tookTooLong() {
        return GatewayException.of(
                FailureKind.UPSTREAM_TIMEOUT, "The model provider did not finish its answer in the time allowed.");
    }

    private static FailureKind kindOf(Throwable cause, Phase phase) {
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return FailureKind.UPSTREAM_NAME_UNRESOLVED;
        }
        if (cause instanceof SSLException) {
            // Once the handshake is over the request may have been read: no other target may be tried (R72).
            return phase == Phase.CONNECTING ? FailureKind.UPSTREAM_TLS : FailureKind.UPSTREAM_TRUNCATED;
        }
        // HttpCore's ConnectTimeoutException is a SocketTimeoutException too; the phase tells them apart.
        if (cause instanceof SocketTimeoutException) {
            return phase == Phase.CONNECTING ? FailureKind.UPSTREAM_CONNECT_TIMEOUT : FailureKind.UPSTREAM_TIMEOUT;
        }
        if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
            return FailureKind.UPSTREAM_UNREACHABLE;
        }
        if (cause instanceof HttpException && !(cause instanceof ConnectionClosedException)) {
            return FailureKind.UPSTREAM_PROTOCOL;
        }
        return switch (phase) {
            case CONNECTING -> FailureKind.UPSTREAM_UNREACHABLE;
            case AWAITING_HEAD, READING_BODY ->
                malformed(cause) ? FailureKind.UPSTREAM_PROTOCOL : FailureKind.UPSTREAM_TRUNCATED;
        };
    }

    /** HttpCore reports bad chunks and over-long lines as I/O errors of its own classes. */
    private static boolean malformed(Throwable cause) {
        String name = cause.getClass().getSimpleName();
        return name.equals("MalformedChunkCodingException") || name.equals("MessageConstraintException");
    }

    private static String message(FailureKind kind) {
        return switch (kind) {
            case UPSTREAM_NAME_UNRESOLVED -> "The model provider's host name could not be resolved.";
            case UPSTREAM_TLS -> "A secure connection to the model provider could not be established.";
            case UPSTREAM_CONNECT_TIMEOUT -> "The model provider did not accept a connection in time.";
            case UPSTREAM_TIMEOUT -> "The model provider did not answer in time.";
            case UPSTREAM_UNREACHABLE -> "The model provider could not be reached.";
            case UPSTREAM_PROTOCOL -> "The model provider sent a malformed answer.";
            default -> "The model provider ended its answer before it was complete.";
        };
    }
}
