package io.plano.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable, ordered list of header fields. Names compare without regard to case (RFC 9110 §5.1); a name may occur
 * more than once. {@link #toString()} masks the values of fields that carry secrets, so no log line can forget to.
 */
public final class Headers {
    /** No fields at all. */
    public static final Headers EMPTY = new Headers(new String[0]);

    private static final Set<String> SECRET = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        SECRET.addAll(List.of("Proxy-Authorization", "Cookie", "Set-Cookie", "Cookie2", "Set-Cookie2"));
    }

    /** Name and value in turn. */
    private final String[] fields;

    private Headers(String[] fields) {
        this.fields = fields;
    }

    /** Fields from names and values in turn. */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a name without a value");
        }
        return new Headers(namesAndValues.clone());
    }

    public static Builder builder() {
        return new Builder(16);
    }

    public Builder toBuilder() {
        Builder builder = new Builder(size() + 4);
        for (int i = 0; i < size(); i++) {
            builder.add(name(i), value(i));
        }
        return builder;
    }

    public int size() {
        return fields.length / 2;
    }

    public boolean isEmpty() {
        return fields.length == 0;
    }

    public String name(int index) {
        return fields[2 * index];
    }

    public String value(int index) {
        return fields[2 * index + 1];
    }

    /** The value of the first field of that name, or null. */
    public @Nullable String first(String name) {
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                return fields[i + 1];
            }
        }
        return null;
    }

    public boolean contains(String name) {
        return first(name) != null;
    }

    /** The values of all fields of that name, in order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                values.add(fields[i + 1]);
            }
        }
        return values;
    }

    /** Whether a header of that name carries a secret or says who somebody is, as far as its name tells. */
    public static boolean isSecret(String name) {
        return SECRET.contains(name) || HeaderTable.isSensitive(name);
    }

    /** Whether a header of that name carries a credential, as far as its name tells. */
    public static boolean isCredential(String name) {
        return HeaderTable.isCredential(name);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers that && Arrays.equals(fields, that.fields);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(fields);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < size(); i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(name(i).toLowerCase(Locale.ROOT))
                    .append(": ");
            text.append(isSecret(name(i)) ? "****" : value(i));
        }
        return text.append(']').toString();
    }

    /** Collects fields; not thread-safe. */
    public static final class Builder {
        private final List<String> fields;

        private Builder(int expectedFields) {
            fields = new ArrayList<>(2 * expectedFields);
        }

        public Builder add(String name, String value) {
            fields.add(name);
            fields.add(value);
            return this;
        }

        /** Adds the field in place of all fields of that name. */
        public Builder set(String name, String value) {
            return remove(name).add(name, value);
        }

        public Builder remove(String name) {
            removeIf(name::equalsIgnoreCase);
            return this;
        }

        /** In one pass, because a client may have sent any number of fields. */
        void removeIf(Predicate<String> condition) {
            int kept = 0;
            for (int i = 0; i < fields.size(); i += 2) {
                if (!condition.test(fields.get(i))) {
                    fields.set(kept++, fields.get(i));
                    fields.set(kept++, fields.get(i + 1));
                }
            }
            fields.subList(kept, fields.size()).clear();
        }

        /** The value of the first field of that name, or null. */
        public @Nullable String first(String name) {
            for (int i = 0; i < fields.size(); i += 2) {
                if (fields.get(i).equalsIgnoreCase(name)) {
                    return fields.get(i + 1);
                }
            }
            return null;
        }

        public Headers build() {
            return new Headers(fields.toArray(new String[0]));
        }

        /** As {@link Headers#toString()}: secrets masked. */
        @Override
        public String toString() {
            return build().toString();
        }
    }
}
