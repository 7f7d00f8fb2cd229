package io.plano.failure;

import org.jspecify.annotations.Nullable;

/**
 * A failure with the words for the client. The message reaches clients as it is: it says what to do, and names no
 * secret, no internal host and no class. The cause, where there is one, is for the log only.
 */
public final class GatewayException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String INTERNAL = "The gateway failed to handle this request.";

    /** For when there is no memory to make one that says more. */
    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack
    public static final GatewayException NO_MEANS = of(FailureKind.INTERNAL, INTERNAL);

    private final FailureKind kind;
    private final @Nullable String code;

    private GatewayException(FailureKind kind, @Nullable String code, String clientMessage, @Nullable Throwable cause) {
        // No stack trace: a refusal is an answer, and it must stay as cheap as one under attack.
        super(clientMessage, cause, false, false);
        this.kind = kind;
        this.code = code;
    }

    public static GatewayException of(FailureKind kind, String clientMessage) {
        return new GatewayException(kind, null, clientMessage, null);
    }

    public static GatewayException of(FailureKind kind, String clientMessage, Throwable cause) {
        return new GatewayException(kind, null, clientMessage, cause);
    }

    /** For a defect of the gateway itself, an {@link Error} too. */
    public static GatewayException internal(Throwable defect) {
        return of(FailureKind.INTERNAL, INTERNAL, defect);
    }

    /** The gateway is being stopped, and takes nothing more. */
    public static GatewayException shuttingDown() {
        return of(FailureKind.OVERLOADED, "The gateway is shutting down; send the request again.");
    }

    /** With a machine-readable code for clients that branch on one, such as {@code missing_api_key}. */
    public static GatewayException coded(FailureKind kind, String code, String clientMessage) {
        return new GatewayException(kind, code, clientMessage, null);
    }

    public FailureKind kind() {
        return kind;
    }

    public @Nullable String code() {
        return code;
    }

    /** The message for the client. */
    public String clientMessage() {
        return String.valueOf(getMessage());
    }
}
