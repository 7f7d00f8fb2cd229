package io.plano.provider;

/** Which version of HTTP an https endpoint is spoken to in. */
public enum Http2 {
    /** HTTP/1.1. */
    OFF,
    /** HTTP/2 where the server chooses it (ALPN, RFC 7301), or else HTTP/1.1. */
    AUTO
}
