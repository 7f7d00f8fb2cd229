package io.plano.http;

import org.jspecify.annotations.Nullable;

/**
 * Headers on their way to a provider, between two steps whose order is a security property: {@link HeaderRules#toUpstream}
 * has stripped what must not leave, and the credential is still to come. Only {@code HeaderRules} makes one, and only
 * with or without a credential can it be finished, so no other order of steps compiles.
 */
public final class UpstreamHeaders {
    private final Headers.Builder fields;

    public UpstreamHeaders(Headers.Builder fields) {
        this.fields = fields;
    }

    /** Sets the provider's fixed headers, each in place of what the client sent under that name. */
    public UpstreamHeaders withProviderRows(Headers rows) {
        for (int i = 0; i < rows.size(); i++) {
            fields.set(rows.name(i), rows.value(i));
        }
        return this;
    }

    public @Nullable String first(String name) {
        return fields.first(name);
    }

    /** Finishes the headers with the one credential that goes out. */
    public Headers withCredential(String name, String value) {
        return fields.set(name, value).build();
    }

    /** Finishes the headers without any credential. */
    public Headers withoutCredential() {
        return fields.build();
    }

    @Override
    public String toString() {
        return fields.toString();
    }
}
