package io.plano.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of all header fields that are not simply forwarded, in either direction. Looking a name up takes no
 * allocation: case and the {@code _} that CGI-style servers confuse with {@code -} are folded while hashing (R29).
 */
final class HeaderTable {
    /** What one direction does with a field. */
    enum Action {
        FORWARD,
        DROP,
        /** Forward: known to be harmless, whatever its name looks like. An end-to-end field like those without a row. */
        OPEN,
        /** Towards the upstream: drop, unless the provider's row lists it in {@code forward_headers}. */
        LISTED,
        /** Drop; only the provider's placement sets it, and no {@code Connection} may name it. */
        CREDENTIAL,
        /** Drop, together with what it names. */
        CONNECTION,
        /** Towards the client: keep while the body is unchanged. */
        LENGTH,
        /** Keep while nobody touched the content coding. */
        CODING,
        /** Keep while the body is unchanged. */
        DIGEST,
        /** Towards the upstream: ours where the gateway has to read the answer. */
        ACCEPT_ENCODING,
        CONTENT_TYPE,
        CACHE_CONTROL
    }

    /**
     * One row.
     *
     * @param name in lower case; for a family of names, what they start with
     * @param reason why the field is not simply forwarded
     */
    record Row(String name, Action towardsUpstream, Action towardsClient, String reason) {
        /** Whether a provider's row may list the field, and get it. */
        boolean mayBeListed() {
            return towardsUpstream == Action.LISTED || towardsUpstream == Action.CREDENTIAL;
        }

        /** Whether a Connection field that names it takes it out. */
        boolean isEndToEnd() {
            return towardsUpstream == Action.OPEN || towardsUpstream == Action.LISTED;
        }
    }

    private static final String HOP = "RFC 9110 §7.6.1: between two neighbours only";
    private static final String PROXY = "RFC 9110 §11.7: for this hop";
    private static final String SECRET = "a credential: one owner places it";
    private static final String FRAMING = "framing is decided on each side";
    private static final String ABOUT_BODY = "describes bytes that may have changed (R26)";
    private static final String PRIVATE = "clients are not described to providers";
    private static final String OWN = "the gateway's own vocabulary";
    private static final String ORIGIN = "speaks for another origin than the gateway's";
    private static final String SERVER_COMMAND = "commands a web server in front of the gateway";

    private static final String OVERRIDE = "asks for another method or path than the one that was checked";

    private static final String[] OVERRIDES = {
        "x-http-method-override",
        "x-http-method",
        "x-method-override",
        "x-method",
        "x-original-method",
        "x-original-url",
        "x-original-uri",
        "x-rewrite-url",
        "x-override-url"
    };

    private static final String[] CREDENTIALS = {
        "authorization",
        "x-api-key",
        "api-key",
        "x-goog-api-key",
        "apikey",
        "ocp-apim-subscription-key",
        "cf-aig-authorization",
        "x-amz-security-token",
        "x-goog-iam-authorization-token",
        "x-serverless-authorization",
        "x-functions-key",
        "x-auth-token",
        "x-access-token",
        "x-auth-key",
        "openai-api-key",
        "anthropic-api-key",
        "x-openai-api-key",
        "x-anthropic-api-key",
        "x-litellm-api-key",
        "x-litellm-key",
        "x-portkey-api-key",
        "helicone-auth"
    };

    private static final String[] CLIENT_DESCRIPTIONS = {
        "cookie",
        "set-cookie",
        "cookie2",
        "set-cookie2",
        "forwarded",
        "x-real-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "true-client-ip",
        "cf-connecting-ip",
        "cf-connecting-ipv6",
        "fastly-client-ip",
        "x-original-forwarded-for",
        "x-envoy-external-address"
    };

    private static final String[] ORIGIN_STATEMENTS = {
        "alt-svc",
        "strict-transport-security",
        "server",
        "access-control-max-age",
        "clear-site-data",
        "nel",
        "report-to",
        "reporting-endpoints"
    };

    /** The hash of names that no row can have. */
    private static final int NOT_ASCII = 0;

    static final List<Row> ROWS = rows();
    static final List<Row> FAMILIES = families();

    /** For names that no row knows and whose words say it. */
    private static final Row BY_ITS_WORDS =
            new Row("", Action.LISTED, Action.FORWARD, "is a credential or an identity by its name");

    private static final Row RESPELLED =
            new Row("", Action.DROP, Action.DROP, "spells a known name with _ for - (R29)");

    private static final int SLOTS = 1024;
    private static final Row[][] FAMILIES_BY_FIRST = new Row[128][];
    private static final byte[] FOLD = new byte[128];
    private static final @Nullable Row[] TABLE = new Row[SLOTS];
    private static final int[] HASHES = new int[SLOTS];

    static {
        for (int c = 0; c < FOLD.length; c++) {
            FOLD[c] = (byte) (c == '_' ? '-' : Character.toLowerCase(c));
        }
        for (Row row : ROWS) {
            int slot = slot(hash(row.name()), row.name());
            HASHES[slot] = hash(row.name());
            TABLE[slot] = row;
        }
        for (int c = 0; c < FAMILIES_BY_FIRST.length; c++) {
            char first = (char) c;
            FAMILIES_BY_FIRST[c] = FAMILIES.stream()
                    .filter(row -> row.name().charAt(0) == first)
                    .toArray(Row[]::new);
        }
    }

    private HeaderTable() {}

    private static List<Row> families() {
        List<Row> families = new ArrayList<>(List.of(
                new Row("x-forwarded-", Action.LISTED, Action.DROP, PRIVATE),
                new Row("x-arch-", Action.DROP, Action.DROP, OWN),
                new Row("x-plano-", Action.DROP, Action.DROP, OWN),
                new Row("proxy-", Action.DROP, Action.DROP, PROXY),
                new Row("x-accel-", Action.FORWARD, Action.DROP, SERVER_COMMAND),
                new Row("access-control-allow-", Action.FORWARD, Action.DROP, ORIGIN),
                new Row("access-control-expose-", Action.FORWARD, Action.DROP, ORIGIN)));
        families.addAll(SensitiveNames.families());
        return List.copyOf(families);
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row("connection", Action.CONNECTION, Action.CONNECTION, HOP));
        add(rows, Action.DROP, Action.DROP, HOP, "keep-alive", "te", "trailer", "upgrade", "http2-settings");
        add(rows, Action.DROP, Action.DROP, FRAMING, "transfer-encoding", "host", "expect");
        add(rows, Action.DROP, Action.LENGTH, FRAMING, "content-length");
        add(rows, Action.CREDENTIAL, Action.DROP, SECRET, CREDENTIALS);
        add(rows, Action.CODING, Action.CODING, ABOUT_BODY, "content-encoding");
        add(rows, Action.DIGEST, Action.DIGEST, ABOUT_BODY, "digest", "content-digest", "repr-digest", "content-md5");
        add(rows, Action.FORWARD, Action.DIGEST, ABOUT_BODY, "accept-ranges", "content-range", "etag");
        add(rows, Action.ACCEPT_ENCODING, Action.FORWARD, "the gateway may have to read the answer", "accept-encoding");
        add(rows, Action.FORWARD, Action.FORWARD, "RFC 9110 §7.6.3: no Connection may take it out", "via");
        add(rows, Action.FORWARD, Action.CONTENT_TYPE, "decides how the response is relayed (R71)", "content-type");
        add(rows, Action.FORWARD, Action.CACHE_CONTROL, "has a default here (R71, R75)", "cache-control");
        add(rows, Action.LISTED, Action.DROP, PRIVATE, CLIENT_DESCRIPTIONS);
        add(rows, Action.FORWARD, Action.DROP, ORIGIN, ORIGIN_STATEMENTS);
        add(rows, Action.FORWARD, Action.DROP, SERVER_COMMAND, "x-sendfile", "x-reproxy-url");
        add(rows, Action.DROP, Action.FORWARD, OVERRIDE, OVERRIDES);
        rows.addAll(SensitiveNames.names());
        return List.copyOf(rows);
    }

    private static void add(List<Row> rows, Action towardsUpstream, Action towardsClient, String why, String... names) {
        for (String name : names) {
            rows.add(new Row(name, towardsUpstream, towardsClient, why));
        }
    }

    /** The row of that name, whatever its case; null where both directions simply forward the field. */
    static @Nullable Row find(String name) {
        int hash = hash(name);
        if (hash == NOT_ASCII) {
            return null;
        }
        Row row = TABLE[slot(hash, name)];
        if (row == null) {
            row = family(name);
        }
        boolean respelled = row != null
                && row.towardsUpstream() != Action.CREDENTIAL
                && row.towardsUpstream() != Action.OPEN
                && name.indexOf('_') >= 0;
        return respelled ? RESPELLED : row;
    }

    /** As {@link #find}, and for a name without a row what its words say: answers are not judged by those. */
    static @Nullable Row towardsUpstream(String name) {
        Row row = find(name);
        return row == null && NameWords.isSensitive(name) ? BY_ITS_WORDS : row;
    }

    /** Whether a credential is in a field of that name, in any case and with {@code _} for {@code -} too. */
    static boolean isCredential(String name) {
        Row row = find(name);
        return (row != null && row.towardsUpstream() == Action.CREDENTIAL) || NameWords.isCredential(name);
    }

    /** Whether a field of that name, in any case and with {@code _} for {@code -} too, is for no log. */
    static boolean isSensitive(String name) {
        Row row = towardsUpstream(name);
        return row != null && (row.mayBeListed() || row == RESPELLED);
    }

    private static @Nullable Row family(String name) {
        char first = name.isEmpty() ? 0 : name.charAt(0);
        for (Row row : FAMILIES_BY_FIRST[first < FOLD.length ? FOLD[first] : 0]) {
            if (name.length() > row.name().length() && startsWith(name, row.name())) {
                return row;
            }
        }
        return null;
    }

    /** The slot that holds the name, or the empty one where it would be. */
    private static int slot(int hash, String name) {
        int slot = (hash ^ hash >>> 9 ^ hash >>> 18) & SLOTS - 1;
        Row row = TABLE[slot];
        while (row != null && !(HASHES[slot] == hash && isSpelled(name, row.name()))) {
            slot = slot + 1 & SLOTS - 1;
            row = TABLE[slot];
        }
        return slot;
    }

    private static boolean isSpelled(String name, String folded) {
        return name.length() == folded.length() && startsWith(name, folded);
    }

    private static boolean startsWith(String name, String folded) {
        for (int i = 0; i < folded.length(); i++) {
            char c = name.charAt(i);
            if (c >= FOLD.length || FOLD[c] != folded.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int hash(String name) {
        int hash = 1;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= FOLD.length) {
                return NOT_ASCII;
            }
            hash = 31 * hash + FOLD[c];
        }
        return hash == NOT_ASCII ? 1 : hash;
    }
}
