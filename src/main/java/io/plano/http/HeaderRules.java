package io.plano.http;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The two loops over the {@link HeaderTable}: what of a client's headers goes upstream, and what of an upstream's goes to
 * the client. Fields without a row pass with their order, spelling and number. Stateless.
 */
public final class HeaderRules {
    private HeaderRules() {}

    /**
     * Strips a request head that {@link HeaderAdmission} let in, and sets what the gateway answers for itself. The
     * provider's rows and the credential are still to come.
     */
    public static UpstreamHeaders toUpstream(Headers client, UpstreamHead head) {
        return toUpstream(client, head, Set.of());
    }

    /**
     * As the other, for a provider that gets more.
     *
     * @param listed names in lower case, each without {@link #refusalToList}, that this provider gets although they look
     *     like a credential or an identity
     */
    public static UpstreamHeaders toUpstream(Headers client, UpstreamHead head, Set<String> listed) {
        Headers.Builder fields = Headers.builder();
        if (head.host() != null) {
            fields.add("Host", head.host());
        }
        Set<String> nominated = null;
        for (int i = 0; i < client.size(); i++) {
            HeaderTable.Row row = HeaderTable.towardsUpstream(client.name(i));
            if (row == null || passesUpstream(row, head) || isListed(row, client.name(i), listed)) {
                fields.add(client.name(i), client.value(i));
            } else if (row.towardsUpstream() == HeaderTable.Action.CONNECTION) {
                nominated = nominated(nominated, client.value(i));
            }
        }
        removeNominated(fields, nominated);
        if (head.responseCoding() == ResponseCoding.IDENTITY) {
            fields.add("Accept-Encoding", "identity");
        }
        if (head.contentLength() >= 0) {
            fields.add("Content-Length", Long.toString(head.contentLength()));
        }
        return new UpstreamHeaders(fields.add("Via", "1.1 " + head.viaPseudonym()));
    }

    private static boolean isListed(HeaderTable.Row row, String name, Set<String> listed) {
        return !listed.isEmpty() && row.mayBeListed() && listed.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Why {@code forward_headers} must not list that name; null where it may. Slots of ours are the caller's to know. */
    public static @Nullable String refusalToList(String name) {
        if (!HeaderAdmission.isFieldName(name)) {
            return "is not a valid header name";
        }
        HeaderTable.Row row = HeaderTable.towardsUpstream(name);
        if (row == null || row.mayBeListed() || passesAlways(row)) {
            return null;
        }
        return "cannot be forwarded: " + row.reason();
    }

    private static boolean passesAlways(HeaderTable.Row row) {
        return row.towardsUpstream() == HeaderTable.Action.OPEN || row.towardsUpstream() == HeaderTable.Action.FORWARD;
    }

    private static boolean passesUpstream(HeaderTable.Row row, UpstreamHead head) {
        return switch (row.towardsUpstream()) {
            case FORWARD, OPEN -> true;
            case CODING -> head.bodyChange() != BodyChange.DECODED;
            case DIGEST -> head.bodyChange() == BodyChange.NONE;
            case ACCEPT_ENCODING -> head.responseCoding() == ResponseCoding.AS_CLIENT_ACCEPTS;
            default -> false;
        };
    }

    /**
     * Strips a response head for the client and adds what a response through a gateway needs. Status and body are not
     * looked at; that the body is a stream is told by the media type alone.
     */
    public static Headers toClient(Headers upstream, ClientHead head) {
        String contentType = head.contentType() != null ? head.contentType() : upstream.first("Content-Type");
        boolean eventStream = isEventStream(contentType);
        Headers.Builder fields = Headers.builder();
        Set<String> nominated = null;
        for (int i = 0; i < upstream.size(); i++) {
            HeaderTable.Row row = HeaderTable.find(upstream.name(i));
            boolean passes = row == null || passesToClient(row, upstream.value(i), head, eventStream);
            if (passes && HeaderAdmission.isFieldValue(upstream.value(i))) {
                fields.add(upstream.name(i), upstream.value(i));
            } else if (row != null && row.towardsClient() == HeaderTable.Action.CONNECTION) {
                nominated = nominated(nominated, upstream.value(i));
            }
        }
        removeNominated(fields, nominated);
        if (head.contentType() != null) {
            fields.add("Content-Type", head.contentType());
        }
        addCaching(fields, head, eventStream);
        return fields.add("Via", "1.1 " + head.viaPseudonym()).build();
    }

    private static boolean passesToClient(HeaderTable.Row row, String value, ClientHead head, boolean eventStream) {
        return switch (row.towardsClient()) {
            case FORWARD, OPEN -> true;
            case LENGTH -> head.bodyChange() == BodyChange.NONE && !eventStream;
            case CODING -> head.bodyChange() != BodyChange.DECODED;
            case DIGEST -> head.bodyChange() == BodyChange.NONE;
            case CONTENT_TYPE -> head.contentType() == null;
            case CACHE_CONTROL -> !eventStream || forbidsReuse(value);
            default -> false;
        };
    }

    private static void addCaching(Headers.Builder fields, ClientHead head, boolean eventStream) {
        boolean silent = fields.first("Cache-Control") == null;
        if (eventStream) {
            if (silent) {
                fields.add("Cache-Control", "no-cache");
            }
            fields.add("X-Accel-Buffering", "no");
        } else if (silent && head.credentialed()) {
            fields.add("Cache-Control", "no-store");
        }
    }

    private static boolean isEventStream(@Nullable String contentType) {
        String type = "text/event-stream";
        return contentType != null && contentType.regionMatches(true, 0, type, 0, type.length());
    }

    private static boolean forbidsReuse(String cacheControl) {
        for (String directive : ConnectionOptions.split(cacheControl)) {
            if (directive.equalsIgnoreCase("no-cache") || directive.equalsIgnoreCase("no-store")) {
                return true;
            }
        }
        return false;
    }

    /** Adds the names in a Connection value; null as long as there is none, which is the case in nearly every message. */
    private static @Nullable Set<String> nominated(@Nullable Set<String> before, String connection) {
        if (ConnectionOptions.isPlain(connection)) {
            return before;
        }
        Set<String> names = before == null ? new TreeSet<>(String.CASE_INSENSITIVE_ORDER) : before;
        names.addAll(ConnectionOptions.split(connection));
        return names;
    }

    private static boolean isEndToEnd(HeaderTable.@Nullable Row row) {
        return row == null || row.isEndToEnd();
    }

    /**
     * A name with a row of its own is not removed: framing and control fields such as Via or Cache-Control are for
     * everybody on the way (R5), and what must go is gone already.
     */
    private static void removeNominated(Headers.Builder fields, @Nullable Set<String> nominated) {
        if (nominated != null) {
            fields.removeIf(name -> nominated.contains(name) && isEndToEnd(HeaderTable.find(name)));
        }
    }
}
