package io.plano.web;

import io.plano.credential.Credential;
import io.plano.credential.CredentialSlot;
import io.plano.credential.InboundCredentials;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.HeaderAdmission;
import io.plano.http.Headers;
import io.plano.http.RequestHead;
import io.plano.provider.ApiDialect;
import io.plano.provider.Surface;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request taken apart: its head without the credential slots, and what those slots held. Made once, by the filter, or
 * by the servlet where no filter stands in front of it.
 *
 * @param head what everybody may see
 * @param credentials what only the exchange gets
 * @param malformed why the request has to be refused before anything is made of it; otherwise null
 */
record InboundRequest(
        RequestHead head,
        InboundCredentials credentials,
        @Nullable GatewayException malformed) {
    /** The request attribute under which the filter leaves it for the servlet. */
    static final String ATTRIBUTE = "io.plano.web.inbound";

    /** The dialect in which this request wants its answers. */
    ApiDialect dialect() {
        return Surface.dialect(head.path(), head.headers());
    }

    /** Without headers and query: whatever a client put there by mistake, this stands as an attribute in a request. */
    @Override
    public String toString() {
        return "InboundRequest[" + head.method() + " " + head.path() + ", credentials in " + credentials + "]";
    }

    /** What the filter left, or else the same made here. */
    static InboundRequest of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof InboundRequest taken ? taken : take(request);
    }

    static InboundRequest take(HttpServletRequest request) {
        Headers.Builder visible = Headers.builder();
        List<String> authorization = List.of();
        boolean tooLong = false;
        Map<CredentialSlot, Credential> slots = new EnumMap<>(CredentialSlot.class);
        Enumeration<String> names = request.getHeaderNames();
        while (names.hasMoreElements()) {
            String name = names.nextElement();
            CredentialSlot slot = CredentialSlot.ofHeader(name);
            Enumeration<String> values = request.getHeaders(name);
            if (slot != null && isTooLong(request.getHeaders(name))) {
                tooLong = true;
            } else if (slot == CredentialSlot.AUTHORIZATION) {
                authorization = Collections.list(values);
            } else if (slot != null) {
                fill(slots, slot, Collections.list(values));
            } else {
                while (values.hasMoreElements()) {
                    visible.add(name, values.nextElement());
                }
            }
        }
        GatewayException malformed = tooLong ? tooLong() : check(request, authorization);
        if (malformed == null && !authorization.isEmpty()) {
            put(slots, CredentialSlot.AUTHORIZATION, Credential.parseAuthorization(authorization.get(0)));
        }
        return new InboundRequest(head(request, visible.build()), InboundCredentials.of(slots), malformed);
    }

    private static boolean isTooLong(Enumeration<String> values) {
        boolean found = false;
        while (values.hasMoreElements()) {
            found |= values.nextElement().length() > Credential.MAX_LENGTH;
        }
        return found;
    }

    private static GatewayException tooLong() {
        return GatewayException.coded(
                FailureKind.INVALID_REQUEST,
                "invalid_api_key",
                "The API key is longer than " + Credential.MAX_LENGTH + " characters; no provider has such a key.");
    }

    /** Of several lines the first that holds anything counts; they are one client's, and only one goes out. */
    private static void fill(Map<CredentialSlot, Credential> slots, CredentialSlot slot, List<String> values) {
        for (String value : values) {
            if (!slots.containsKey(slot)) {
                put(slots, slot, Credential.key(value));
            }
        }
    }

    private static void put(
            Map<CredentialSlot, Credential> slots, CredentialSlot slot, @Nullable Credential credential) {
        if (credential != null) {
            slots.put(slot, credential);
        }
    }

    private static @Nullable GatewayException check(HttpServletRequest request, List<String> authorization) {
        if (request.getRequestURI().startsWith("//")) {
            // Some containers read it as an authority, later on, and fail.
            return GatewayException.of(FailureKind.INVALID_REQUEST, "The request target has an empty segment.");
        }
        try {
            HeaderAdmission.refuseAmbiguousAuthorization(authorization);
            HeaderAdmission.refuseConnectionBound(authorization);
            List<String> connection = new ArrayList<>(1);
            request.getHeaders("Connection").asIterator().forEachRemaining(connection::add);
            HeaderAdmission.refuseStripping(connection);
            return null;
        } catch (GatewayException refusal) {
            return refusal;
        }
    }

    private static RequestHead head(HttpServletRequest request, Headers headers) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        long length = request.getContentLengthLong();
        boolean body = length > 0 || headers.contains("Transfer-Encoding");
        return new RequestHead(
                request.getMethod(),
                path.isEmpty() ? "/" : path,
                request.getQueryString(),
                headers,
                headers.contains("Transfer-Encoding") ? -1 : length,
                body ? RequestHead.Body.PRESENT : RequestHead.Body.ABSENT);
    }
}
