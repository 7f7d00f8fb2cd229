package io.plano.provider;

import io.plano.failure.GatewayException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a surface stands below {@code /v1/}, as its row spells it: {@code chat/completions}, or with the model in it, as in
 * {@code models/{model}:generateContent}.
 *
 * @param before what stands in front of the model; all of it, if there is no model in it
 * @param after what stands behind the model; null if there is no model in it
 */
record SurfacePath(String before, @Nullable String after) {
    private static final String MODEL = "{model}";

    static SurfacePath of(String spelling) {
        int place = spelling.indexOf(MODEL);
        return place < 0
                ? new SurfacePath(spelling, null)
                : new SurfacePath(spelling.substring(0, place), spelling.substring(place + MODEL.length()));
    }

    boolean namesModel() {
        return after != null;
    }

    /**
     * The model that a request's path names, decoded; null if it is not this path, or if what stands in the model's place
     * could mean another path to any server.
     */
    @Nullable
    String modelIn(String suffix) {
        String end = after;
        if (end == null
                || suffix.length() <= before.length() + end.length()
                || !suffix.startsWith(before)
                || !suffix.endsWith(end)) {
            return null;
        }
        String model = decoded(suffix.substring(before.length(), suffix.length() - end.length()));
        return model == null || PathSegment.problem(model) != null ? null : model;
    }

    private static @Nullable String decoded(String raw) {
        try {
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    /**
     * This path for a request that came by it, with that model in its place.
     *
     * @param suffix as it came; the answer if there is no model in it
     * @throws GatewayException for a model that cannot be part of a path
     */
    String with(String suffix, @Nullable String model) {
        return after == null || model == null ? suffix : before + PathSegment.encode(model) + after;
    }
}
