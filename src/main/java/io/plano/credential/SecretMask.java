package io.plano.credential;

import io.plano.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Blots out secrets by their value, in every form in which they may come back ({@link SecretForm}): each byte of one
 * becomes an asterisk, so that lengths stay what they are. Secrets shorter than {@link SecretSet#MIN_LENGTH} are not looked
 * for. Immutable and safe for every thread; a {@link Stream} is for one body.
 */
public final class SecretMask {
    /** Where there is nothing to hide. */
    public static final SecretMask NONE = new SecretMask(List.of());

    private static final byte BLOT = '*';

    private final List<SecretForm> forms;
    private final boolean[] starts = new boolean[256];
    private final int shortest;

    private SecretMask(List<SecretForm> forms) {
        this.forms = forms;
        forms.forEach(form -> form.markStarts(starts));
        shortest = forms.stream().mapToInt(SecretForm::length).min().orElse(Integer.MAX_VALUE);
    }

    public static SecretMask of(Collection<Credential> secrets) {
        List<SecretForm> forms = new ArrayList<>();
        for (Credential secret : secrets) {
            secret.secretTexts().stream()
                    .filter(text -> text.length() >= SecretSet.MIN_LENGTH)
                    .forEach(text -> forms.addAll(SecretForm.of(text)));
        }
        return forms.isEmpty() ? NONE : new SecretMask(List.copyOf(forms));
    }

    public boolean isEmpty() {
        return forms.isEmpty();
    }

    /** The text with as many asterisks as a secret in it has bytes; the same object where there is none. */
    public String mask(String text) {
        if (isEmpty()) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] masked = mask(bytes);
        return Arrays.equals(bytes, masked) ? text : new String(masked, StandardCharsets.UTF_8);
    }

    /** The bytes of a whole body, masked. */
    public byte[] mask(byte[] whole) {
        byte[] masked = whole.clone();
        new Scan(masked).last();
        return masked;
    }

    /** Masks values; a field whose name holds a secret is left out. The same object where there is none. */
    public Headers mask(Headers headers) {
        if (isEmpty() || !isLongEnough(headers)) {
            return headers;
        }
        Headers.Builder masked = Headers.builder();
        for (int i = 0; i < headers.size(); i++) {
            if (maskField(headers.name(i)).equals(headers.name(i))) {
                masked.add(headers.name(i), maskField(headers.value(i)));
            }
        }
        return masked.build();
    }

    /** Most fields are shorter than a key. */
    private String maskField(String text) {
        return text.length() < shortest ? text : mask(text);
    }

    private boolean isLongEnough(Headers headers) {
        for (int i = 0; i < headers.size(); i++) {
            if (headers.value(i).length() >= shortest || headers.name(i).length() >= shortest) {
                return true;
            }
        }
        return false;
    }

    /** A body that comes in pieces. */
    public Stream stream() {
        return new Stream();
    }

    /** Their number alone. */
    @Override
    public String toString() {
        return "SecretMask[" + forms.size() + "]";
    }

    /**
     * Masks a body on its way. Of what came it holds back what may be the beginning of a secret, and that is never more
     * than a few times the longest of them. Not thread-safe.
     */
    public final class Stream {
        private byte[] held = new byte[0];

        private Stream() {}

        /** What can go on after this piece; the array may be empty, and is the caller's. */
        public byte[] accept(byte[] piece) {
            byte[] text = joined(piece);
            int done = new Scan(text).next();
            held = Arrays.copyOfRange(text, done, text.length);
            return done == text.length ? text : Arrays.copyOf(text, done);
        }

        /** What was held back, once nothing more comes. The beginning of a secret is masked, too, if it is long. */
        public byte[] end() {
            byte[] rest = held;
            held = new byte[0];
            new Scan(rest).last();
            return rest;
        }

        private byte[] joined(byte[] piece) {
            byte[] text = Arrays.copyOf(held, held.length + piece.length);
            System.arraycopy(piece, 0, text, held.length, piece.length);
            return text;
        }
    }

    /** One walk over bytes that are changed in place. */
    private final class Scan {
        private final byte[] text;

        private Scan(byte[] text) {
            this.text = text;
        }

        /** Masks; gives the place from which on more bytes are needed to tell. */
        private int next() {
            int at = 0;
            while (at < text.length) {
                int found = starts[text[at] & 0xff] ? longest(at) : SecretForm.NONE;
                if (found < 0) {
                    return at;
                }
                at = found == SecretForm.NONE ? at + 1 : blot(at, at + found);
            }
            return at;
        }

        /** Masks all there is: nothing follows. */
        private void last() {
            int at = 0;
            while (at < text.length) {
                int found = starts[text[at] & 0xff] ? longest(at) : SecretForm.NONE;
                if (found > 0) {
                    at = blot(at, at + found);
                } else {
                    at = -1 - found >= SecretSet.MIN_LENGTH ? blot(at, text.length) : at + 1;
                }
            }
        }

        /** The longest form that stands there; if there is none, the most that was found of one that is cut off. */
        private int longest(int at) {
            int longest = SecretForm.NONE;
            int begun = SecretForm.NONE;
            for (SecretForm form : forms) {
                int found = form.match(text, at, text.length);
                longest = Math.max(longest, found);
                begun = Math.min(begun, found);
            }
            return longest > 0 ? longest : begun;
        }

        private int blot(int from, int to) {
            Arrays.fill(text, from, to, BLOT);
            return to;
        }
    }
}
