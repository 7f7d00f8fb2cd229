package io.plano.proxy;

import io.plano.body.BodyScan;
import io.plano.body.ByteSegments;
import io.plano.body.ContentCoding;
import io.plano.body.ModelScan;
import io.plano.body.MultipartScan;
import io.plano.http.RequestHead;
import io.plano.http.RequestTarget;
import io.plano.provider.Operation;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a body has to be read to learn its model, and reads it. What names no model by its nature (uploads to
 * {@code /v1/files}, binary bodies) is streamed and never held.
 */
final class BodyInspection {
    private BodyInspection() {}

    static boolean isNeeded(RequestHead head, Operation operation, RequestTarget target) {
        if (!head.hasBody()) {
            return false;
        }
        return switch (operation) {
            case CHAT_COMPLETIONS, COMPLETIONS, EMBEDDINGS, RESPONSES, MESSAGES, COUNT_TOKENS -> true;
            case MODELS, OTHER, OTHER_RESPONSES, OTHER_ANTHROPIC ->
                !isUpload(target) && mayNameModel(head.headers().first("Content-Type"));
        };
    }

    /** The Files and Uploads APIs carry content, not questions to a model. */
    private static boolean isUpload(RequestTarget target) {
        String suffix = target.suffix();
        return suffix != null && (isBelow(suffix, "files") || isBelow(suffix, "uploads"));
    }

    private static boolean isBelow(String suffix, String resource) {
        return suffix.equals(resource) || suffix.startsWith(resource + "/");
    }

    private static boolean mayNameModel(@Nullable String contentType) {
        if (contentType == null || MultipartScan.accepts(contentType)) {
            return true;
        }
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.contains("json") || type.startsWith("text/plain");
    }

    /** Undoes the content codings, within the limit of what may be held. */
    static ByteSegments decode(RequestHead head, ByteSegments body, long maxBytes) {
        return ContentCoding.decode(head.headers().all("Content-Encoding"), body, maxBytes);
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
