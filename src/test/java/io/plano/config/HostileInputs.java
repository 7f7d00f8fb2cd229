package io.plano.config;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a file could do to its reader. As a program of its own, it loads each of them once, one after the other. */
final class HostileInputs {
    private static final int BYTES = 2_990_000;
    private static final int LINE = 49_000;

    private static final String VALID_HEAD =
            "version: v0.4.0\nlisteners: [{type: model, name: m, port: 12000}]\nmodel_providers:\n";

    /** Long values, as an operating system allows them. */
    static final Map<String, String> ENVIRONMENT =
            Map.of("LONG", "v".repeat(120_000), "FAIR", "v".repeat(16_000), "K", "key");

    private HostileInputs() {}

    private static String repeat(String piece) {
        return piece.repeat(BYTES / piece.length());
    }

    private static String lines(String line) {
        return repeat(line + "\n");
    }

    private static String numbered(int count, String template) {
        return IntStream.range(0, count)
                .mapToObj(i -> template.replace("#", Integer.toString(i)))
                .collect(Collectors.joining());
    }

    private static String nested(int levels, String open, String indent) {
        return IntStream.range(0, levels)
                .mapToObj(i -> indent.repeat(i) + open + "\n")
                .collect(Collectors.joining());
    }

    private static String bomb() {
        StringBuilder text = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 30; i++) {
            String one = "*a" + (i - 1);
            text.append("a" + i + ": &a" + i + " [" + (one + ",").repeat(9) + one + "]\n");
        }
        return text.toString();
    }

    private static String mergeBomb() {
        StringBuilder text = new StringBuilder("m0: &m0 {" + numbered(1000, "k#: v, ") + "}\n");
        for (int i = 1; i < 200; i++) {
            text.append("m" + i + ": &m" + i + " {<<: [" + "*m0, ".repeat(40) + "*m0], x" + i + ": y}\n");
        }
        return text.toString();
    }

    /** Keys of {@code ? key} are not limited to a line by the parser. */
    private static String longKeys() {
        String line = "k".repeat(LINE);
        return IntStream.range(0, 50)
                .mapToObj(i -> " ".repeat(i) + "? " + line + "\n" + " ".repeat(i) + ":\n")
                .collect(Collectors.joining());
    }

    private static String itemsUnderALongKey() {
        return "? \"" + ("k".repeat(LINE) + "\n").repeat(50) + "\"\n: [" + ("a,".repeat(24_000) + "\n").repeat(4)
                + "]\n";
    }

    /** By name, made when they are needed. */
    static Map<String, Supplier<byte[]>> all() {
        Map<String, Supplier<String>> texts = new LinkedHashMap<>();
        texts.put("alias bomb", HostileInputs::bomb);
        texts.put("merge bomb", HostileInputs::mergeBomb);
        texts.put("long keys within each other", HostileInputs::longKeys);
        texts.put("items under a long key", HostileInputs::itemsUnderALongKey);
        texts.put("comments", () -> lines("#".repeat(LINE)));
        texts.put("empty lines", () -> repeat("\n"));
        texts.put("spaces", () -> lines(" ".repeat(LINE)));
        texts.put("plain scalar", () -> "a: " + repeat("word ".repeat(9_000) + "\n "));
        texts.put("quoted scalar", () -> "a: \"" + repeat("\\u263a".repeat(8_000) + "\n ") + "\"");
        texts.put("quoted scalar without end", () -> "a: '" + lines("word".repeat(10_000)));
        texts.put("block scalar", () -> "a: |\n" + repeat(" " + "word ".repeat(9_000) + "\n"));
        texts.put("folded scalar", () -> "a: >\n" + repeat(" a\n\n"));
        texts.put("sequences within each other", () -> lines("[".repeat(LINE)));
        texts.put("mappings within each other", () -> lines("{a: ".repeat(LINE / 4)));
        texts.put("items within each other", () -> lines("- ".repeat(LINE / 2)));
        texts.put("block mappings within each other", () -> nested(1500, "a:", " "));
        texts.put("explicit keys within each other", () -> nested(1500, "?", " "));
        texts.put("flow keys within each other", () -> lines("{? ".repeat(LINE / 3)));
        texts.put("scalars", () -> "a: [" + lines("x,".repeat(LINE / 2)));
        texts.put("keys", () -> numbered(180_000, "key#: v\n"));
        texts.put("the same key", () -> lines("a: b"));
        texts.put("anchors", () -> numbered(99_000, "- &a# x\n"));
        texts.put("long anchors", () -> numbered(60, "- &" + "a".repeat(LINE) + "# x\n"));
        texts.put("unknown aliases", () -> numbered(99_000, "- *a#\n"));
        texts.put("tags", () -> lines("- !!java.net.URL x"));
        texts.put("directives", () -> numbered(60_000, "%TAG !t#! tag:x,#:\n") + "--- a\n");
        texts.put("documents", () -> repeat("--- a\n"));
        texts.put(
                "letters beyond the BMP",
                () -> "a: \"" + "\ud83d\ude00".repeat(12_000).concat("\n ").repeat(60) + "\"");
        texts.put("control character at the end", () -> lines("a".repeat(LINE)) + "\u0001");
        texts.put("numbers", () -> "a: [" + ("9".repeat(LINE) + ",\n").repeat(60) + "]");
        texts.put("providers", () -> VALID_HEAD + numbered(30_000, "- {model: openai/m#}\n"));
        texts.put(
                "providers with keys",
                () -> VALID_HEAD
                        + numbered(
                                11_000,
                                "- {model: a/m#, access_key: $K, base_url: 'http://h#/', provider_interface: openai}\n"));
        texts.put(
                "providers without variables",
                () -> VALID_HEAD + numbered(19_000, "- {model: openai/m#, access_key: $U#}\n"));
        texts.put("providers of one model", () -> VALID_HEAD + numbered(14_000, "- {model: openai/m, name: n#}\n"));
        texts.put(
                "patterns",
                () -> VALID_HEAD
                        + numbered(
                                180,
                                "- {model: openai/m#, passthrough_auth: true, client_credential_pattern: '"
                                        + "(a|b)*".repeat(2_700) + "'}\n"));
        texts.put(
                "short patterns",
                () -> VALID_HEAD
                        + numbered(
                                2_400,
                                "- {model: openai/m#, passthrough_auth: true, client_credential_pattern: '"
                                        + "[ab]*".repeat(190)
                                        + "'}\n"));
        texts.put(
                "groups within each other",
                () -> VALID_HEAD
                        + "- {model: openai/m, passthrough_auth: true, client_credential_pattern: '"
                        + "(".repeat(8_000)
                        + ")".repeat(8_000)
                        + "'}\n");
        texts.put(
                "names of long values",
                () -> VALID_HEAD + numbered(19_000, "- {model: openai/m#, access_key: $FAIR}\n"));
        texts.put("headers", () -> VALID_HEAD + "- model: openai/m\n  headers:\n" + numbered(45_000, "    x-#: $K\n"));
        texts.put(
                "aliases",
                () -> VALID_HEAD + "- model: openai/m\nmodel_aliases:\n" + numbered(24_000, "  a#: {target: m}\n"));
        texts.put(
                "listeners",
                () -> "version: v0.4.0\nlisteners:\n" + numbered(14_000, "- {type: model, name: m#, port: 12000}\n")
                        + "model_providers: [{model: openai/m}]\n");
        texts.put(
                "variables that grow",
                () -> VALID_HEAD
                        + numbered(180, "- {model: openai/m#, access_key: '" + "$LONG".repeat(3_200) + "'}\n"));
        texts.put(
                "own providers",
                () -> VALID_HEAD + "- model: openai/m\nproviders:\n"
                        + numbered(20_000, "  p#: {base_url: 'http://h'}\n"));
        texts.put(
                "unknown keys", () -> VALID_HEAD + "- {model: openai/m, " + numbered(40_000, "modle#: 1,\n ") + "}\n");
        Map<String, Supplier<byte[]>> inputs = new LinkedHashMap<>();
        texts.forEach((name, text) -> inputs.put(name, () -> text.get().getBytes(StandardCharsets.UTF_8)));
        inputs.put("too many bytes", () -> new byte[3_000_001]);
        inputs.put("no text", () -> {
            byte[] bytes = repeat("a").getBytes(StandardCharsets.UTF_8);
            bytes[bytes.length - 1] = (byte) 0xff;
            return bytes;
        });
        return inputs;
    }

    /** Prints a line for each; ends with 1 where one of them threw. */
    public static void main(String[] arguments) {
        boolean failed = false;
        for (Map.Entry<String, Supplier<byte[]>> input : all().entrySet()) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            byte[] bytes = input.getValue().get();
            String outcome;
            try {
                LoadResult result = ConfigLoader.parse(bytes, "f", ENVIRONMENT);
                outcome = result.isValid() ? "loads" : result.problems().get(0).toString();
            } catch (Throwable thrown) {
                failed = true;
                outcome = "THREW " + thrown;
            }
            long millis = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1_000_000;
            System.out.println(input.getKey() + " (" + bytes.length + " bytes, " + millis + " ms): "
                    + outcome.substring(0, Math.min(200, outcome.length())));
        }
        System.exit(failed ? 1 : 0);
    }
}
