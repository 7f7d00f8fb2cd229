package io.plano.http;

/** What the gateway did to a body between receiving and sending it, which decides what headers may still say of it. */
public enum BodyChange {
    /** Nothing: every byte goes on as it came in. */
    NONE,
    /** Bytes were replaced, so that length and digests are no longer right. */
    REWRITTEN,
    /** The content coding was undone, or a new body was written: nothing said of the old bytes holds any more. */
    DECODED
}
