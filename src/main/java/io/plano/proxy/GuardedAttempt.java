package io.plano.proxy;

import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.upstream.UpstreamListener;
import io.plano.upstream.Window;
import java.nio.ByteBuffer;

/**
 * Stands between a provider's connection and what an exchange makes of its answer: a defect there, an {@link Error} too,
 * ends this exchange and never reaches the thread of the connection, which serves all others as well. Called as the
 * listener behind it.
 */
final class GuardedAttempt implements UpstreamListener {
    private final Exchange exchange;
    private final UpstreamListener attempt;
    private boolean broken;

    GuardedAttempt(Exchange exchange, UpstreamListener attempt) {
        this.exchange = exchange;
        this.attempt = attempt;
    }

    private void breakDown(Throwable defect) {
        broken = true;
        ReverseProxy.breakDown(exchange, defect);
    }

    /** A refusal goes on to the connection, which then reads no more of the head. */
    @Override
    public void headGrew(int bytes) {
        try {
            if (!broken) {
                attempt.headGrew(bytes);
            }
        } catch (GatewayException refusal) {
            throw refusal;
        } catch (Throwable defect) {
            breakDown(defect);
        }
    }

    @Override
    public void head(int status, Headers headers, Content content) {
        try {
            if (!broken) {
                attempt.head(status, headers, content);
            }
        } catch (Throwable defect) {
            breakDown(defect);
        }
    }

    @Override
    public void data(ByteBuffer bytes) {
        try {
            if (!broken) {
                attempt.data(bytes);
                return;
            }
        } catch (Throwable defect) {
            breakDown(defect);
        }
        bytes.position(bytes.limit()); // all of them must be taken
    }

    @Override
    public void paused() {
        try {
            if (!broken) {
                attempt.paused();
            }
        } catch (Throwable defect) {
            breakDown(defect);
        }
    }

    @Override
    public void windowSpent(Window window) {
        try {
            if (!broken) {
                attempt.windowSpent(window);
            }
        } catch (Throwable defect) {
            breakDown(defect);
        }
    }

    @Override
    public void end() {
        try {
            if (!broken) {
                attempt.end();
            }
        } catch (Throwable defect) {
            breakDown(defect);
        }
    }

    @Override
    public void failed(GatewayException failure) {
        try {
            if (!broken) {
                attempt.failed(failure);
            }
        } catch (Throwable defect) {
            breakDown(defect);
        }
    }
}
