package io.plano.body;

import io.plano.failure.GatewayException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code multipart/form-data} body (RFC 7578) says about its model: the fields {@code model} and {@code stream}.
 *
 * @param model the text of the part {@code model}, or null where there is none
 * @param start position of that part's first byte, or -1
 * @param end position after its last byte, or -1
 * @param stream whether the part {@code stream} is {@code true} in any letter case, as Python spells it {@code True}
 * @param first the first delimiter
 */
public record MultipartScan(@Nullable String model, long start, long end, boolean stream, Delimiter first)
        implements BodyScan {
    /**
     * A line between parts.
     *
     * @param boundary without the dashes in front
     * @param position where its dashes begin
     */
    public record Delimiter(String boundary, long position) {}

    /**
     * Scans the whole body.
     *
     * @param contentType the request's Content-Type, which names the boundary
     * @throws GatewayException {@link io.plano.failure.FailureKind#INVALID_REQUEST} where the boundary is missing, the
     *     body ends before its closing delimiter, {@code model} comes twice, as a file or with a control character, or a part's head can be read
     *     in two ways
     */
    public static MultipartScan of(ByteSegments body, @Nullable String contentType) {
        return new MultipartScanner(body, contentType).scan();
    }

    /** Whether the content type is the one that this scan reads. */
    public static boolean accepts(@Nullable String contentType) {
        return contentType != null && FieldParameters.mainValue(contentType).equals("multipart/form-data");
    }

    @Override
    public ByteSegments withModel(ByteSegments body, String newModel) {
        if (newModel.indexOf('\r') >= 0 || newModel.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a part of a form cannot hold a model name with a line end");
        }
        if (model == null) {
            String part = "--" + first.boundary() + "\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n"
                    + newModel + "\r\n";
            return body.splice(first.position(), first.position(), part.getBytes(StandardCharsets.UTF_8));
        }
        return model.equals(newModel) ? body : body.splice(start, end, newModel.getBytes(StandardCharsets.UTF_8));
    }
}
