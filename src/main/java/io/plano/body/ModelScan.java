package io.plano.body;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a JSON body says about its model. Only members of the outermost object count; a body that is no object names no
 * model.
 *
 * @param model the unescaped text of the member {@code model}, or null where there is none
 * @param start position of the opening quote of that member's value, or -1
 * @param end position after its closing quote, or -1
 * @param stream whether the member {@code stream} is literally {@code true}; of several the last one counts
 * @param shape what the body is
 */
public record ModelScan(@Nullable String model, long start, long end, boolean stream, Shape shape) implements BodyScan {
    /** What a JSON body is. */
    public enum Shape {
        OBJECT,
        /** An object without {@code model}, but with {@code Model} or the like, which some readers take for it. */
        RESPELLED,
        /** Nothing, or a value that is no object. */
        NO_OBJECT
    }

    /**
     * Scans the whole body, because a second {@code model} may stand at its end.
     *
     * @throws GatewayException {@link FailureKind#INVALID_REQUEST} where {@code model} stands there twice, in whatever
     *     escapes or letter case (some providers' parsers take names without regard to case), where it is not a string,
     *     and where the body is so malformed that readers could disagree on it
     */
    public static ModelScan of(ByteSegments body) {
        return new JsonScanner(body).scan();
    }

    @Override
    public ByteSegments withModel(ByteSegments body, String newModel) {
        if (model == null) {
            return shape == Shape.OBJECT ? inserted(body, newModel) : noPlace();
        }
        return model.equals(newModel) ? body : body.splice(start, end, JsonStrings.quote(newModel));
    }

    /** As the first member. */
    private static ByteSegments inserted(ByteSegments body, String newModel) {
        long inside = body.indexOf((byte) '{', 0) + 1;
        long next = inside;
        while (body.byteAt(next) <= ' ') {
            next++;
        }
        String separator = body.byteAt(next) == '}' ? "" : ",";
        byte[] member = ("\"model\":" + new String(JsonStrings.quote(newModel), StandardCharsets.UTF_8) + separator)
                .getBytes(StandardCharsets.UTF_8);
        return body.splice(inside, inside, member);
    }

    private static ByteSegments noPlace() {
        throw new IllegalStateException("the body has no place for a model");
    }
}
