package io.plano.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.yaml.YamlNode.Mapping;
import io.plano.config.yaml.YamlNode.Scalar;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {
    private final Problems problems = new Problems("f");

    private List<String> problemsOf(String yaml) {
        YamlReader.read(yaml, problems);
        return problems.list().stream().map(ConfigProblem::toString).toList();
    }

    @Test
    void knowsWhereEveryValueStands() {
        Mapping root = YamlReader.read("a: 1\nb:\n  - {c: x}\n", problems);

        assertThat(root).isNotNull();
        YamlNode b = root.get("b");
        assertThat(b).isNotNull();
        assertThat(b.position()).isEqualTo(new Position(3, 3));
        assertThat(root.get("a")).isEqualTo(new Scalar(new Position(1, 4), "1", Scalar.Kind.INTEGER));
    }

    @Test
    void reportsDuplicateKeysAndTagsAllAtOnce() {
        assertThat(problemsOf("a: !!str 1\nb:\n  c: 1\n  c: 2\na: !java.net.URL [x]\nd: !!map {}\n"))
                .containsExactly(
                        "f:1:4: error: a: YAML tags (!...) are not allowed; leave it out",
                        "f:4:3: error: b.c: 'c' stands here twice; the first is in line 3",
                        "f:5:1: error: a: 'a' stands here twice; the first is in line 1",
                        "f:5:4: error: a: YAML tags (!...) are not allowed; leave it out",
                        "f:6:4: error: d: YAML tags (!...) are not allowed; leave it out");
    }

    @Test
    void followsAliasesAndMergeKeys() {
        Mapping root = YamlReader.read("a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}\nc: {<<: [*x]}\nd: *x\n", problems);

        assertThat(problems.list()).isEmpty();
        assertThat(root).isNotNull();
        assertThat(((Mapping) root.get("b")).keys()).containsExactly("k", "l");
        assertThat(((Mapping) root.get("b")).get("k")).hasFieldOrPropertyWithValue("text", "3");
        assertThat(root.get("d")).isSameAs(root.get("a"));
    }

    @Test
    void refusesAnAliasBomb() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }

        assertThat(problemsOf(bomb.toString())).singleElement().asString().contains("more than 100000 values");
    }

    @Test
    void refusesAnAliasOfItself() {
        assertThat(problemsOf("a: &a [*a]\n")).singleElement().asString().startsWith("f:1:8: error: a[0]: this alias");
    }

    @Test
    void refusesDepth() {
        assertThat(problemsOf("a: " + "[".repeat(40_000)))
                .singleElement()
                .asString()
                .contains("nested more than 60");
        assertThat(problemsOf("- ".repeat(20_000) + "x")).last().asString().contains("nested more than 60");
    }

    @Test
    void refusesALineThatNobodyWrote() {
        assertThat(problemsOf("a: 1\nb: " + "x".repeat(50_000)))
                .containsExactly("f:2:50001: error: this line is longer than 50000 characters");
    }

    @Test
    void refusesSize() {
        assertThat(problemsOf("#".repeat(3_000_001))).singleElement().asString().contains("larger than 3000000");
        assertThat(problemsOf("- a\n".repeat(200_000))).last().asString().contains("more than 100000 values");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing\n",
                "---\n",
                "x",
                "[a]",
                "null",
                "a: b: c",
                "a: \"x",
                "\t- x",
                "a: @x",
                "%x",
                "a: *b"
            })
    void refusesWhatIsNoConfiguration(String yaml) {
        assertThat(problemsOf(yaml)).isNotEmpty().allMatch(problem -> problem.contains(": error: "));
    }

    @Test
    void refusesASecondDocument() {
        assertThat(problemsOf("a: 1\n---\nb: 1\n"))
                .singleElement()
                .asString()
                .startsWith("f:2:1: error: a second document");
    }

    @Test
    void saysWhereACharacterCannotStand() {
        assertThat(problemsOf("a: 1\nb: \u0007\n"))
                .containsExactly("f:2:4: error: this character cannot stand in YAML: U+0007");
    }

    @Test
    void readsByteOrderMarks() {
        assertThat(problemsOf("\ufeffa: 1\n")).isEmpty();
    }
}
