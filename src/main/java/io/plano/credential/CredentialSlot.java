package io.plano.credential;

/** A place in a request where clients of LLM APIs put a credential. */
public enum CredentialSlot {
    /** OpenAI clients, Anthropic clients since 2026-10-21, OAuth tokens of every kind (RFC 6750 §2.1). */
    AUTHORIZATION("Authorization"),
    /** Anthropic clients. */
    X_API_KEY("x-api-key"),
    /** Azure OpenAI clients. */
    API_KEY("api-key"),
    /** Gemini clients. */
    X_GOOG_API_KEY("x-goog-api-key"),
    /** {@code ?key=} of the Gemini API; never forwarded as a query parameter. */
    QUERY_KEY("key");

    private final String fieldName;

    CredentialSlot(String fieldName) {
        this.fieldName = fieldName;
    }

    /** The header name, or for {@link #QUERY_KEY} the name of the query parameter. */
    public String fieldName() {
        return fieldName;
    }

    public boolean isHeader() {
        return this != QUERY_KEY;
    }

    /** The header slot of that name, compared without regard to case; null where the header is none. */
    public static @org.jspecify.annotations.Nullable CredentialSlot ofHeader(String name) {
        for (CredentialSlot slot : HEADER_SLOTS) {
            if (slot.fieldName.equalsIgnoreCase(name)) {
                return slot;
            }
        }
        return null;
    }

    private static final CredentialSlot[] HEADER_SLOTS = {AUTHORIZATION, X_API_KEY, API_KEY, X_GOOG_API_KEY};
}
