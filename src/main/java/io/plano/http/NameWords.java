package io.plano.http;

import java.util.List;

/**
 * Judges a name that no table knows by the words in it: whether its value is a credential, or says who somebody is. Words
 * end at every character that is no letter or digit and in front of a capital behind a small letter, so that {@code
 * X-Session-Token}, {@code session_token} and {@code sessionToken} are one name.
 *
 * <p>Some words mean a credential only on their own: {@code token} and {@code key} do not in {@code page_token}, {@code
 * Idempotency-Key} or {@code x-token-count}. The words are the data; each row says why. No allocation, no regular
 * expression; stateless.
 */
final class NameWords {
    /** What a word says of a value; the bits add up. */
    private static final int CREDENTIAL = 1;

    private static final int IDENTITY = 1 << 1;
    /** Its meaning depends on its neighbours. */
    private static final int QUALIFIED = 1 << 2;
    /** In front of a qualified word it makes it harmless. */
    private static final int HARMLESS_BEFORE = 1 << 3;
    /** Behind a qualified word it makes it harmless. */
    private static final int HARMLESS_AFTER = 1 << 4;
    /** Behind one, in a query: APIs list keys by their ids. A header so named says whose key it is. */
    private static final int NAMES_IT = 1 << 5;
    /** Only {@code user-agent} is about no user. */
    private static final int AGENT = 1 << 6;

    private static final int USER = 1 << 7;

    /** @param words separated by blanks */
    record Row(int meaning, String words, String reason) {}

    /** A credential, or an identity, in the middle of a longer word that is written in one. */
    record Glued(int meaning, String piece) {}

    static final List<Row> ROWS = List.of(
            new Row(CREDENTIAL, "password passwd passcode passphrase pwd psk otp totp mfa", "what a person types"),
            new Row(CREDENTIAL, "secret secrets credential credentials cred creds hmac macaroon", "says so itself"),
            new Row(CREDENTIAL, "auth authn authz authorization authentication authenticated", "RFC 9110 §11"),
            new Row(
                    CREDENTIAL,
                    "oauth oauth2 oidc bearer jwt jws jwe dpop assertion saml",
                    "RFC 6749, 6750, 7519, 9449"),
            new Row(
                    CREDENTIAL,
                    "cookie cookies csrf xsrf jsessionid phpsessid sessid",
                    "sessions of browsers (RFC 6265)"),
            new Row(
                    CREDENTIAL,
                    "sig signature cert certificate clientcert",
                    "signed requests (RFC 9421), TLS (RFC 9440)"),
            new Row(CREDENTIAL | QUALIFIED, "token key pass", "API keys, tokens of every kind"),
            new Row(IDENTITY, "username userid useremail userinfo users email mail login upn uid eppn", "who it is"),
            new Row(
                    IDENTITY,
                    "principal identity subject claims groups spiffe kerberos whoami",
                    "who it is, in tokens"),
            new Row(IDENTITY, "impersonate impersonated impersonation", "who somebody wants to be"),
            new Row(IDENTITY | USER, "user", "who it is"),
            new Row(AGENT, "agent", "RFC 9110 §10.1.5"),
            new Row(HARMLESS_BEFORE, "page next previous continuation sync", "tokens of lists"),
            new Row(
                    HARMLESS_BEFORE,
                    "idempotency cache partition sort dedup deduplication affinity routing",
                    "other keys"),
            new Row(HARMLESS_BEFORE, "hash primary public group object order websocket", "other keys"),
            new Row(
                    HARMLESS_BEFORE,
                    "input output prompt completion total cached reasoning thinking",
                    "tokens of models"),
            new Row(HARMLESS_BEFORE, "special stop max min", "tokens of models"),
            new Row(HARMLESS_AFTER, "count counts counter budget limit limits usage estimate", "a number of them"),
            new Row(
                    HARMLESS_AFTER,
                    "price pricing cost rate length size status window ttl expiry expires",
                    "about one"),
            new Row(HARMLESS_AFTER, "through savings", "pass-through, a number of them"),
            new Row(NAMES_IT, "id ids name names type types", "names one"));

    static final List<Glued> GLUED = List.of(
            new Glued(CREDENTIAL, "secret"),
            new Glued(CREDENTIAL, "passw"),
            new Glued(CREDENTIAL, "apikey"),
            new Glued(CREDENTIAL, "accesskey"),
            new Glued(CREDENTIAL, "authkey"),
            new Glued(CREDENTIAL, "privatekey"),
            new Glued(CREDENTIAL, "masterkey"),
            new Glued(CREDENTIAL, "sharedkey"),
            new Glued(CREDENTIAL, "licensekey"),
            new Glued(CREDENTIAL, "subscriptionkey"),
            new Glued(CREDENTIAL, "credential"),
            new Glued(CREDENTIAL, "authoriz"),
            new Glued(CREDENTIAL, "authentic"),
            new Glued(CREDENTIAL, "cookie"),
            new Glued(CREDENTIAL, "signature"),
            new Glued(CREDENTIAL, "assertion"),
            new Glued(CREDENTIAL, "oauth"),
            new Glued(CREDENTIAL, "clientcert"),
            new Glued(IDENTITY, "username"),
            new Glued(IDENTITY, "useremail"),
            new Glued(IDENTITY, "userinfo"),
            new Glued(IDENTITY, "principal"),
            new Glued(IDENTITY, "authuser"));

    private static final String TOKEN = "token";
    private static final List<String> TOKENS_OF_LISTS =
            List.of("pagetoken", "nexttoken", "continuationtoken", "synctoken");

    /** The shortest word in which others are looked for. */
    private static final int SHORTEST_GLUED = 6;

    private static final int SLOTS = 512;
    private static final String[] WORDS = new String[SLOTS];
    private static final int[] MEANINGS = new int[SLOTS];

    static {
        for (Row row : ROWS) {
            for (String word : row.words().split(" ", -1)) {
                int slot = slot(word, 0, word.length());
                WORDS[slot] = word;
                MEANINGS[slot] |= row.meaning();
            }
        }
    }

    private NameWords() {}

    /** Whether a header field of that name carries a credential or says who somebody is. */
    static boolean isSensitive(String headerName) {
        return says(headerName, CREDENTIAL | IDENTITY, HARMLESS_AFTER);
    }

    /** Whether a query parameter of that name carries a credential. */
    static boolean isCredential(String parameterName) {
        return says(parameterName, CREDENTIAL, HARMLESS_AFTER | NAMES_IT);
    }

    private static boolean says(String name, int wanted, int harmlessAfter) {
        int before = 0;
        int pending = 0;
        int start = 0;
        while (start < name.length()) {
            int end = wordEnd(name, start);
            if (end == start) {
                start++;
                continue;
            }
            int meaning = meaning(name, start, end);
            if (pending != 0 && (meaning & harmlessOf(pending, harmlessAfter)) == 0) {
                return true;
            }
            pending = 0;
            if ((meaning & wanted) != 0) {
                if ((meaning & (QUALIFIED | USER)) == 0) {
                    return true;
                }
                pending = (meaning & QUALIFIED) != 0 && (before & HARMLESS_BEFORE) != 0 ? 0 : meaning;
            }
            before = meaning;
            start = end;
        }
        return pending != 0;
    }

    private static int harmlessOf(int word, int harmlessAfter) {
        return (word & USER) != 0 ? AGENT : harmlessAfter;
    }

    private static int wordEnd(String name, int start) {
        int end = start;
        while (end < name.length() && isOfWord(name.charAt(end))) {
            if (end > start && isCapital(name.charAt(end)) && isSmall(name.charAt(end - 1))) {
                return end;
            }
            end++;
        }
        return end;
    }

    private static boolean isOfWord(char c) {
        return isSmall(c) || isCapital(c) || (c >= '0' && c <= '9');
    }

    private static boolean isCapital(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isSmall(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static int meaning(String name, int start, int end) {
        int slot = slot(name, start, end);
        if (WORDS[slot] != null) {
            return MEANINGS[slot];
        }
        return end - start >= SHORTEST_GLUED ? gluedMeaning(name, start, end) : 0;
    }

    private static int gluedMeaning(String name, int start, int end) {
        if (name.regionMatches(true, end - TOKEN.length(), TOKEN, 0, TOKEN.length())) {
            for (String harmless : TOKENS_OF_LISTS) {
                if (end - start >= harmless.length()
                        && name.regionMatches(true, end - harmless.length(), harmless, 0, harmless.length())) {
                    return 0;
                }
            }
            return CREDENTIAL;
        }
        for (Glued glued : GLUED) {
            String piece = glued.piece();
            for (int at = start; at + piece.length() <= end; at++) {
                if (name.regionMatches(true, at, piece, 0, piece.length())) {
                    return glued.meaning();
                }
            }
        }
        return 0;
    }

    /** The slot that holds the word, or the empty one where it would be. */
    private static int slot(String text, int start, int end) {
        int hash = 1;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + (text.charAt(i) | 0x20);
        }
        int slot = (hash ^ hash >>> 9 ^ hash >>> 18) & SLOTS - 1;
        while (WORDS[slot] != null
                && !(WORDS[slot].length() == end - start
                        && text.regionMatches(true, start, WORDS[slot], 0, end - start))) {
            slot = slot + 1 & SLOTS - 1;
        }
        return slot;
    }
}
