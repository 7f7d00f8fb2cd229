package io.plano.translate.neutral;

import io.plano.provider.WireFormat;
import org.jspecify.annotations.Nullable;

/**
 * The proof by which a provider recognises reasoning of its own when it comes back: Anthropic's {@code signature}, OpenAI's
 * {@code encrypted_content}. No other provider accepts it. A client of another API carries it wrapped, see {@link #wrap}, in
 * whatever member its API has for such a thing, and sends it back unread.
 *
 * @param origin the format of the provider that made it
 * @param value as that provider wrote it
 * @param itemId the id of the reasoning item, if the format has one ({@code rs_…}); letters, digits, {@code _} and
 *     {@code -}
 */
public record Signature(
        WireFormat origin, String value, @Nullable String itemId) {
    /** What every wrapped one begins with. */
    public static final String TAG = "plano-v1.";

    /** What the ids of reasoning items begin with that are made of another API's: no provider knows them. */
    public static final String REASONING_ID = "rs_plano_";

    /**
     * Stands as {@link #itemId} until the provider is known: the value is what a provider of Chat Completions wants to see
     * again in members of its own.
     */
    public static final String STATE = "state";

    /** Stands where the id of a reasoning item would: the block was encrypted as a whole. */
    public static final String REDACTED = "redacted";

    private static final int MAX_PROVIDER = 64;

    public Signature(WireFormat origin, String value) {
        this(origin, value, null);
    }

    /** The text for a client of that format: as it is if the format is its own, wrapped otherwise. */
    public String wrap(WireFormat client) {
        if (client == origin) {
            return value;
        }
        return TAG + origin.configName() + "." + (itemId == null ? "" : itemId) + "." + value;
    }

    /** The same, if it is what that provider wants to see again: it goes to no other. */
    public Signature ofProvider(String provider) {
        return STATE.equals(itemId) ? new Signature(origin, value, ToolNames.legal(provider, MAX_PROVIDER)) : this;
    }

    /** Whether it is what that provider wants to see again. */
    public boolean isStateOf(String provider) {
        return isState() && ToolNames.legal(provider, MAX_PROVIDER).equals(itemId);
    }

    /** Whether it is what some provider of Chat Completions wants to see again, rather than the proof of a thought. */
    public boolean isState() {
        return origin == WireFormat.COMPLETIONS && itemId != null && !itemId.equals(REDACTED);
    }

    /** Reads what a client of some other API sends back of a thought that it knows to be Claude's. */
    public static Signature ofClaude(String text) {
        return unwrap(text, WireFormat.MESSAGES);
    }

    /**
     * Reads what a client sends back.
     *
     * @param client the format of the client, which made every text that is not wrapped
     */
    public static Signature unwrap(String text, WireFormat client) {
        if (text.startsWith(TAG)) {
            String[] fields = text.substring(TAG.length()).split("\\.", 3);
            for (WireFormat format : WireFormat.values()) {
                if (fields.length == 3 && format.configName().equals(fields[0])) {
                    return new Signature(format, fields[2], fields[1].isEmpty() ? null : fields[1]);
                }
            }
        }
        return new Signature(client, text);
    }
}
