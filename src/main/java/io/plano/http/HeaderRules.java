package io.plano.http;

/** The header table and its two loops. */
public final class HeaderRules {
    private HeaderRules() {}
}
