package io.plano.http;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The path and query of a request as the client spelled them, after everything was refused that two readers could take
 * for different targets (R30), and without the credential that the query may have held (R31). Immutable.
 */
public final class RequestTarget {
    private static final String VERSION_PREFIX = "/v1/";

    private final String path;
    private final @Nullable String suffix;
    private final @Nullable String query;
    private final @Nullable String queryKey;

    private RequestTarget(String path, @Nullable String query, @Nullable String queryKey) {
        this.path = path;
        this.suffix = path.startsWith(VERSION_PREFIX) ? path.substring(VERSION_PREFIX.length()) : null;
        this.query = query;
        this.queryKey = queryKey;
    }

    /**
     * @param rawPath the request URI below the context path, as it came in; empty stands for {@code /}
     * @param rawQuery the query as it came in, without its question mark; null where there was none
     * @throws GatewayException {@link FailureKind#INVALID_REQUEST} for a path with dot segments, empty segments,
     *     parameters or characters that do not belong there, plain or encoded; for a malformed query; and for a query
     *     with a credential under a name other than {@code key}, or with two of them
     */
    public static RequestTarget parse(String rawPath, @Nullable String rawQuery) {
        String path = rawPath.isEmpty() ? "/" : rawPath;
        TargetSyntax.checkPath(path);
        if (rawQuery == null) {
            return new RequestTarget(path, null, null);
        }
        QueryKeyFilter filter = new QueryKeyFilter(rawQuery);
        return new RequestTarget(path, filter.remainder(), filter.key());
    }

    /** The raw path; starts with a slash. */
    public String path() {
        return path;
    }

    /** The raw query without {@code key}, byte for byte; null where there was none or nothing is left of it. */
    public @Nullable String query() {
        return query;
    }

    /** The path below {@code /v1/}, such as {@code chat/completions}; null where it is not below. */
    public @Nullable String suffix() {
        return suffix;
    }

    /** The decoded value of the query parameter {@code key}, a secret, which only the Gemini API knows; or null. */
    public @Nullable String queryKey() {
        return queryKey;
    }

    /** Shows the decoded value of each parameter that is left in the query. */
    public void forEachValue(Consumer<String> values) {
        if (query == null) {
            return;
        }
        int start = 0;
        for (int end = 0; end <= query.length(); end++) {
            if (end == query.length() || query.charAt(end) == '&' || query.charAt(end) == ';') {
                int equals = query.indexOf('=', start);
                int value = equals < 0 || equals >= end ? start : equals + 1;
                values.accept(QueryKeyFilter.percentDecoded(query.substring(value, end)));
                start = end + 1;
            }
        }
    }

    /**
     * For every surface but Gemini's.
     *
     * @throws GatewayException {@link FailureKind#INVALID_REQUEST} where the query held {@code key}
     */
    public void refuseQueryKey() {
        if (queryKey != null) {
            throw QueryKeyFilter.refusal();
        }
    }

    /** Path and query without the credential. */
    @Override
    public String toString() {
        return query == null ? path : path + "?" + query;
    }
}
