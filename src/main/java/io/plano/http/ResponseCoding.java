package io.plano.http;

/** Which content codings the upstream may answer in. */
public enum ResponseCoding {
    /** Those that the client accepts: the body passes through unread. */
    AS_CLIENT_ACCEPTS,
    /** None, because the gateway has to read the body. */
    IDENTITY
}
