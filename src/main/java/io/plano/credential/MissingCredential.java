package io.plano.credential;

/** What a passthrough provider does with a request that brings no usable credential: {@code on_missing_credential}. */
public enum MissingCredential {
    /** 401 in the client's dialect; nothing is sent upstream. */
    REJECT,
    /** The provider's own {@code access_key} is used. */
    ACCESS_KEY,
    /** The request goes out without any credential, as Plano does. */
    FORWARD
}
