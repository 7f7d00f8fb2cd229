package io.plano.config.yaml;

import io.plano.config.SafeText;
import io.plano.config.yaml.YamlNode.Entry;
import io.plano.config.yaml.YamlNode.Mapping;
import io.plano.config.yaml.YamlNode.Scalar;
import io.plano.config.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML 1.1 text into a tree of {@link YamlNode}s.
 *
 * <p>Built from the parser's events and not with SnakeYAML's own loader, for three reasons: every value keeps its
 * position, duplicate keys and tags are all reported at once instead of the first one thrown, and nothing in the text
 * can name a class. What a hostile file could do is bounded here (R81): {@link #MAX_CHARACTERS}, {@link #MAX_LINE},
 * {@link #MAX_KEY}, {@link #MAX_DEPTH}, and {@link #MAX_NODES}, which counts an alias with everything that it stands for. Merge keys
 * ({@code <<}) work.
 */
public final class YamlReader {
    public static final int MAX_CHARACTERS = 3_000_000;

    /** The parser's buffer grows with a line, and copying it makes the time for one grow with its square. */
    static final int MAX_LINE = 50_000;

    static final int MAX_DEPTH = 60;

    /** Every value within a mapping has its keys in its path, so long ones would be copied again and again. */
    static final int MAX_KEY = 1000;

    /** Where a path is longer than that, its end is not worth having. */
    private static final int MAX_PATH = 2000;

    static final int MAX_NODES = 100_000;

    /** What problems of the parser begin with that quote the file. */
    private static final List<String> QUOTING = List.of(
            "duplicate tag handle",
            "found undefined tag handle",
            "expected URI in UTF-8",
            "found a number which cannot represent a valid version");

    private static final Resolver RESOLVER = new Resolver();

    private final Parser parser;
    private final Problems problems;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private int depth;
    private long nodes;

    /** What an anchor names, and how many nodes that is when written out. */
    private record Anchored(YamlNode node, long nodes) {}

    private YamlReader(String text, Problems problems) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        this.parser = new ParserImpl(new StreamReader(text), options);
        this.problems = problems;
    }

    /** The mapping that the text holds; null, with a problem reported, where it holds none. */
    public static @Nullable Mapping read(String text, Problems problems) {
        if (text.length() > MAX_CHARACTERS) {
            problems.error(Position.START, "", "the file is larger than " + MAX_CHARACTERS + " characters");
            return null;
        }
        int longLine = longLine(text);
        if (longLine > 0) {
            Position position = new Position(longLine, MAX_LINE + 1);
            problems.error(position, "", "this line is longer than " + MAX_LINE + " characters");
            return null;
        }
        try {
            return new YamlReader(text, problems).document();
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            String what = withoutQuotation(e.getProblem());
            problems.error(mark == null ? Position.START : Position.of(mark), "", "this is not valid YAML: " + what);
        } catch (ReaderException e) {
            problems.error(
                    positionOf(text, e.getPosition()),
                    "",
                    "this character cannot stand in YAML: " + String.format("U+%04X", e.getCodePoint()));
        } catch (YAMLException e) {
            // Its message may quote the file, so it stays out of ours.
            problems.error(Position.START, "", "this is not valid YAML");
        }
        return null;
    }

    /**
     * The parser's words without what a few of them quote of the file: it may be a piece of a secret. The others name a
     * token of YAML or a single character.
     */
    private static String withoutQuotation(@Nullable String problem) {
        if (problem == null) {
            return "this is not YAML";
        }
        for (String quoting : QUOTING) {
            if (problem.startsWith(quoting)) {
                return quoting;
            }
        }
        return problem;
    }

    /** The first line that is too long, or 0. */
    private static int longLine(String text) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                line++;
                start = i + 1;
            } else if (i - start >= MAX_LINE) {
                return line;
            }
        }
        return 0;
    }

    private static Position positionOf(String text, int codePoint) {
        int line = 1;
        int column = 1;
        int[] points = text.codePoints().limit(Math.max(codePoint, 0)).toArray();
        for (int point : points) {
            column = point == '\n' ? 1 : column + 1;
            line = point == '\n' ? line + 1 : line;
        }
        return new Position(line, column);
    }

    private @Nullable Mapping document() {
        parser.getEvent();
        if (parser.checkEvent(Event.ID.StreamEnd)) {
            problems.error(Position.START, "", "the file is empty; it needs at least model_providers");
            return null;
        }
        parser.getEvent();
        YamlNode root = node("");
        parser.getEvent();
        if (!parser.checkEvent(Event.ID.StreamEnd)) {
            problems.error(Position.of(parser.peekEvent().getStartMark()), "", "a second document; one is allowed");
        }
        if (root instanceof Mapping mapping) {
            return mapping;
        }
        problems.error(root.position(), "", "this must be a mapping of keys such as version and model_providers");
        return null;
    }

    private YamlNode node(String path) {
        Event event = parser.getEvent();
        long before = nodes;
        count(1, event.getStartMark());
        if (event instanceof AliasEvent alias) {
            return resolve(alias, path);
        }
        YamlNode node = content((NodeEvent) event, path);
        String anchor = ((NodeEvent) event).getAnchor();
        if (anchor != null) {
            anchors.put(anchor, new Anchored(node, nodes - before));
        }
        return node;
    }

    private YamlNode content(NodeEvent event, String path) {
        if (event instanceof ScalarEvent scalar) {
            refuseTag(scalar.getTag(), event, path);
            return scalar(scalar);
        }
        if (++depth > MAX_DEPTH) {
            throw stop("nested more than " + MAX_DEPTH + " levels deep", event.getStartMark());
        }
        refuseTag(((org.yaml.snakeyaml.events.CollectionStartEvent) event).getTag(), event, path);
        YamlNode node = event.is(Event.ID.SequenceStart) ? sequence(event, path) : mapping(event, path);
        depth--;
        return node;
    }

    private void refuseTag(@Nullable String tag, Event event, String path) {
        if (tag != null) {
            problems.error(Position.of(event.getStartMark()), path, "YAML tags (!...) are not allowed; leave it out");
        }
    }

    private YamlNode resolve(AliasEvent alias, String path) {
        Anchored anchored = anchors.get(alias.getAnchor());
        Position position = Position.of(alias.getStartMark());
        if (anchored == null) {
            problems.error(position, path, "this alias refers to itself, or to an anchor that is not above it");
            return new Scalar(position, "", Scalar.Kind.NULL);
        }
        count(anchored.nodes(), alias.getStartMark());
        return anchored.node();
    }

    private void count(long added, Mark mark) {
        nodes += added;
        if (nodes > MAX_NODES) {
            throw stop("more than " + MAX_NODES + " values, counting what aliases stand for", mark);
        }
    }

    private static MarkedYAMLException stop(String what, Mark mark) {
        return new Refusal(what, mark);
    }

    private static Scalar scalar(ScalarEvent event) {
        boolean plain = event.getImplicit().canOmitTagInPlainScalar();
        Scalar.Kind kind = plain ? kindOf(event.getValue()) : Scalar.Kind.STRING;
        return new Scalar(Position.of(event.getStartMark()), event.getValue(), kind);
    }

    private static Scalar.Kind kindOf(String text) {
        Tag tag = RESOLVER.resolve(NodeId.scalar, text, true);
        if (tag.equals(Tag.NULL)) {
            return Scalar.Kind.NULL;
        } else if (tag.equals(Tag.BOOL)) {
            return Scalar.Kind.BOOLEAN;
        } else if (tag.equals(Tag.INT)) {
            return Scalar.Kind.INTEGER;
        }
        return tag.equals(Tag.FLOAT) ? Scalar.Kind.FLOAT : Scalar.Kind.STRING;
    }

    private Sequence sequence(Event start, String path) {
        List<YamlNode> items = new ArrayList<>();
        while (!parser.checkEvent(Event.ID.SequenceEnd)) {
            items.add(node(within(path, "[" + items.size() + "]")));
        }
        parser.getEvent();
        return new Sequence(Position.of(start.getStartMark()), items);
    }

    private Mapping mapping(Event start, String path) {
        Map<String, Entry> own = new LinkedHashMap<>();
        Map<String, Entry> merged = new LinkedHashMap<>();
        while (!parser.checkEvent(Event.ID.MappingEnd)) {
            entry(path, own, merged);
        }
        parser.getEvent();
        merged.forEach(own::putIfAbsent);
        return new Mapping(Position.of(start.getStartMark()), List.copyOf(own.values()));
    }

    private void entry(String path, Map<String, Entry> own, Map<String, Entry> merged) {
        boolean isMerge = parser.peekEvent() instanceof ScalarEvent event
                && event.isPlain()
                && event.getValue().equals("<<");
        YamlNode key = node(path);
        String name = key instanceof Scalar scalar ? scalar.text() : "";
        if (name.length() > MAX_KEY) {
            throw stop(
                    "a key longer than " + MAX_KEY + " characters",
                    parser.peekEvent().getStartMark());
        }
        YamlNode value = node(within(path, path.isEmpty() ? SafeText.key(name) : "." + SafeText.key(name)));
        if (!(key instanceof Scalar)) {
            problems.error(key.position(), path, "a key must be plain text");
        } else if (isMerge) {
            merge(value, join(path, name), merged);
        } else {
            Entry first = own.putIfAbsent(name, new Entry(key.position(), name, value));
            if (first != null) {
                String where = "'" + SafeText.key(name) + "' stands here twice; the first is in line "
                        + first.position().line();
                problems.error(key.position(), join(path, name), where);
            }
        }
    }

    private void merge(YamlNode value, String path, Map<String, Entry> merged) {
        List<YamlNode> sources = value instanceof Sequence sequence ? sequence.items() : List.of(value);
        for (YamlNode source : sources) {
            if (source instanceof Mapping mapping) {
                mapping.entries().forEach(entry -> merged.putIfAbsent(entry.key(), entry));
            } else {
                problems.error(value.position(), path, "<< merges mappings, and this is none");
            }
        }
    }

    private static String within(String path, String step) {
        return path.length() > MAX_PATH ? path : path + step;
    }

    /** The path of a key inside the mapping at {@code path}, for messages. */
    static String join(String path, String key) {
        return path.isEmpty() ? SafeText.key(key) : path + "." + SafeText.key(key);
    }

    /** A bound of this class, reported where it was crossed. */
    private static final class Refusal extends MarkedYAMLException {
        private static final long serialVersionUID = 1L;

        Refusal(String problem, Mark mark) {
            super(null, null, problem, mark);
        }
    }
}
