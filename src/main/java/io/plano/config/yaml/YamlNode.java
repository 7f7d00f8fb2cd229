package io.plano.config.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A YAML value that knows where it stands. Immutable; an alias gives the same node a second time. */
public sealed interface YamlNode {
    Position position();

    /**
     * A string, number, truth value or null.
     *
     * @param text what the file says, without quotes
     * @param kind what a plain scalar of YAML 1.1 means; whatever is quoted is a string
     */
    record Scalar(Position position, String text, Kind kind) implements YamlNode {
        public enum Kind {
            NULL,
            BOOLEAN,
            INTEGER,
            FLOAT,
            STRING
        }

        /** Without the text, which may be a secret. */
        @Override
        public String toString() {
            return kind + " at " + position;
        }
    }

    /** A list. */
    record Sequence(Position position, List<YamlNode> items) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /**
     * A mapping whose keys are unique, in file order.
     *
     * @param index the entries by key, where there are many; otherwise empty
     */
    record Mapping(Position position, List<Entry> entries, Map<String, Entry> index) implements YamlNode {
        private static final int SMALL = 16;

        static final Mapping EMPTY = new Mapping(Position.START, List.of());

        Mapping(Position position, List<Entry> entries) {
            this(position, List.copyOf(entries), index(entries));
        }

        /** Some files have mappings of tens of thousands of keys, each of which is asked for. */
        private static Map<String, Entry> index(List<Entry> entries) {
            if (entries.size() <= SMALL) {
                return Map.of();
            }
            Map<String, Entry> index = new HashMap<>(entries.size() * 2);
            entries.forEach(entry -> index.putIfAbsent(entry.key(), entry));
            return index;
        }

        @Nullable
        Entry entry(String key) {
            if (!index.isEmpty()) {
                return index.get(key);
            }
            for (Entry entry : entries) {
                if (entry.key().equals(key)) {
                    return entry;
                }
            }
            return null;
        }

        @Nullable
        public YamlNode get(String key) {
            Entry entry = entry(key);
            return entry == null ? null : entry.value();
        }

        List<String> keys() {
            List<String> keys = new ArrayList<>(entries.size());
            entries.forEach(entry -> keys.add(entry.key()));
            return keys;
        }
    }

    /** A key with its value; the position is the key's. */
    record Entry(Position position, String key, YamlNode value) {}
}
