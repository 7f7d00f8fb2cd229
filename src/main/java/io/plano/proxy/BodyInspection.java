package io.plano.proxy;

import io.plano.body.BodyScan;
import io.plano.body.ByteSegments;
import io.plano.body.ContentCoding;
import io.plano.body.ModelScan;
import io.plano.body.ModelScan.Shape;
import io.plano.body.MultipartScan;
import io.plano.budget.Holding;
import io.plano.budget.MemoryBudget;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.RequestHead;
import io.plano.provider.Surface;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a body has to be read to learn its model, and reads it. What names no model by its nature (uploads to
 * {@code /v1/files}, binary bodies to resources) is streamed and never held.
 */
final class BodyInspection {
    private BodyInspection() {}

    static boolean isNeeded(RequestHead head, Surface surface) {
        boolean isPossible = head.hasBody() && !surface.isContent();
        return isPossible
                && (surface.isQuestion() || mayNameModel(head.headers().first("Content-Type")));
    }

    /**
     * Refuses a question that is none: two readers of such a body need not agree on what it asks, and whom.
     *
     * @param scan of its body; null where it has none
     * @throws GatewayException where the body is not what the surface takes
     */
    static void requireQuestion(Surface surface, @Nullable BodyScan scan) {
        if (!surface.isQuestion() || (scan instanceof MultipartScan && surface.takesMultipart())) {
            return;
        }
        Shape shape = scan instanceof ModelScan json ? json.shape() : Shape.NO_OBJECT;
        if (shape == Shape.NO_OBJECT) {
            throw GatewayException.coded(
                    FailureKind.INVALID_REQUEST,
                    "invalid_body",
                    surface.takesMultipart()
                            ? "The request body must be a JSON object, or a multipart form."
                            : "The request body must be a JSON object.");
        }
        if (shape == Shape.RESPELLED) {
            throw GatewayException.coded(FailureKind.INVALID_REQUEST, "invalid_body", "Write \"model\" in lower case.");
        }
    }

    private static boolean mayNameModel(@Nullable String contentType) {
        if (contentType == null || MultipartScan.accepts(contentType)) {
            return true;
        }
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.contains("json") || type.startsWith("text/plain");
    }

    /** Refuses what cannot be decoded before any of it is read. */
    static void checkCoding(RequestHead head) {
        List<String> codings = head.headers().all("Content-Encoding");
        if (!codings.isEmpty()) {
            ContentCoding.check(codings);
        }
    }

    /** Undoes the content coding of a body, within the limit of what may be held. One attempt, on one thread. */
    static final class Decoding {
        private final Holding holding;
        private long reserved;
        private long used;

        /**
         * @param given bytes that are reserved for it already
         */
        Decoding(Holding holding, long given) {
            this.holding = holding;
            this.reserved = given;
        }

        /** The plain bytes, or null where there is no room for them at the moment. */
        @Nullable
        ByteSegments decode(RequestHead head, ByteSegments body, long maxBytes) {
            boolean[] full = new boolean[1];
            try {
                return ContentCoding.decode(
                        head.headers().all("Content-Encoding"), body, new ContentCoding.Bounds(maxBytes, bytes -> {
                            full[0] = !take(bytes);
                            return !full[0];
                        }));
            } catch (GatewayException failure) {
                if (full[0]) {
                    return null;
                }
                throw failure;
            }
        }

        private boolean take(long bytes) {
            long more = used + bytes - reserved;
            if (more > 0 && !holding.reserve(more)) {
                return false;
            }
            reserved += Math.max(0, more);
            used += bytes;
            return true;
        }

        long reserved() {
            return reserved;
        }

        /** Gives back what is reserved; says what the next attempt should have. */
        long abandon() {
            holding.release(reserved);
            return Math.max(2 * used, 2 * MemoryBudget.STEP);
        }
    }

    static boolean isEncoded(RequestHead head) {
        List<String> codings = head.headers().all("Content-Encoding");
        return !codings.isEmpty() && ContentCoding.isEncoded(codings);
    }

    /** The content type decides only between multipart and the rest: clients send JSON under many names (R57). */
    static BodyScan scan(RequestHead head, ByteSegments body) {
        String contentType = head.headers().first("Content-Type");
        return MultipartScan.accepts(contentType) ? MultipartScan.of(body, contentType) : ModelScan.of(body);
    }
}
