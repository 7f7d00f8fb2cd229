package io.plano.credential;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's own secrets, kept as digests under a key of the process: all that can be asked is whether a text is one of
 * them, and the time that this takes says nothing of any but its length. Secrets shorter than {@link #MIN_LENGTH} are not
 * in it: {@code none}, {@code ollama} or {@code sk-1234} are what clients send where no key is wanted. Immutable; safe for
 * every thread.
 */
public final class SecretSet {
    /** In characters. */
    public static final int MIN_LENGTH = 8;

    private static final String SEPARATORS = " \t,;\"'";

    private final BitSet lengths = new BitSet();
    private final Set<ByteBuffer> digests = new HashSet<>();
    private final int shortest;

    private SecretSet(Collection<Credential> secrets) {
        for (Credential secret : secrets) {
            secret.secretTexts().stream()
                    .filter(text -> text.length() >= MIN_LENGTH)
                    .forEach(this::add);
        }
        shortest = digests.isEmpty() ? Integer.MAX_VALUE : lengths.nextSetBit(0);
    }

    public static SecretSet of(Collection<Credential> secrets) {
        return new SecretSet(secrets);
    }

    public boolean isEmpty() {
        return digests.isEmpty();
    }

    private void add(String text) {
        lengths.set(text.length());
        digests.add(ByteBuffer.wrap(Credential.digest(text)));
    }

    /** Whether a client presents one of them: as a key, as a token, in {@code Basic} as user or password, in any scheme. */
    public boolean isPresentedBy(Credential credential) {
        return isIn(credential.basicUser()) || credential.secretTexts().stream().anyMatch(this::isIn);
    }

    /** Whether a field value or a parameter is one of them, or holds one as a word of its own. */
    public boolean isIn(@Nullable String text) {
        if (text == null || text.length() < shortest) {
            return false;
        }
        if (isOne(text.strip())) {
            return true;
        }
        int start = 0;
        for (int end = 0; end <= text.length(); end++) {
            if (end == text.length() || SEPARATORS.indexOf(text.charAt(end)) >= 0) {
                if (end - start >= shortest && isWordOne(text.substring(start, end))) {
                    return true;
                }
                start = end + 1;
            }
        }
        return false;
    }

    /** Also behind the name of a parameter; a key may have equals signs of its own. */
    private boolean isWordOne(String word) {
        int equals = word.indexOf('=');
        return isOne(word) || (equals >= 0 && isOne(word.substring(equals + 1)));
    }

    private boolean isOne(String text) {
        return lengths.get(text.length()) && digests.contains(ByteBuffer.wrap(Credential.digest(text)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SecretSet that && digests.equals(that.digests);
    }

    @Override
    public int hashCode() {
        return digests.hashCode();
    }

    /** Their number alone. */
    @Override
    public String toString() {
        return "SecretSet[" + digests.size() + "]";
    }
}
