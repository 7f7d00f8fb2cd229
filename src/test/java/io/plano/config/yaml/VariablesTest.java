package io.plano.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.config.yaml.Variables.Result;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VariablesTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("A", "x", "B_2", "y", "EMPTY", "", "TRICKY", "${A}$A}$$", "LONG", "l".repeat(10_000));

    private static Result substitute(String raw) {
        return new Variables(ENVIRONMENT).substitute(raw);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain | plain",
                "$A | x",
                "${A} | x",
                "-$A-${B_2}- | -x-y-",
                "$$A | $A",
                "$$$A | $x",
                "$ $1 $- a$ | $ $1 $- a$",
                "${A:-d} | x",
                "${NO:-d} | d",
                "${EMPTY:-d} | d",
                "[$EMPTY] | []",
                "[${NO:-}] | []",
                "${NO:-a:-b} | a:-b",
                "${NO:-a{b}c | a{bc",
                "} | }",
                "$TRICKY | ${A}$A}$$",
                "${NO:-$TRICKY} | ${A}$A}$$",
                "${NO:-${A}} | x",
                "${NO:-$A} | x",
                "${NO:-$$} | $",
                "${NO:-${NO:-d}} | d",
                "${NO:-<${NO:-[$A]}>}! | <[x]>!",
                "${A:-${NO}} | x",
                "${NO:-${EMPTY:-${NO:-${B_2}}}}-${A} | y-x"
            })
    void replaces(String raw, String expected) {
        Result result = substitute(raw);

        assertThat(result.problem()).isNull();
        assertThat(result.unset()).isEmpty();
        assertThat(result.text()).isEqualTo(expected);
    }

    @Test
    void namesWhatIsUnsetAndNeeded() {
        assertThat(substitute("$NO ${NOR} ${NEITHER:-$ALSO}${A:-$UNUSED}").unset())
                .containsExactly("NO", "NOR", "ALSO");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${", "${}", "${1}", "${A-b}", "${A:b}", "${:-b}", "a ${ b}", "${NO:-${}}", "${A:-${ }}"})
    void refusesABraceThatIsNoReference(String raw) {
        assertThat(substitute(raw).problem()).startsWith("holds a '${' that is no reference; write ${NAME}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${A", "${A:-", "${A:-b", "${NO:-${A}", "${NO:-${A:-b}", "${A} ${NO:-${A:-${"})
    void refusesABraceThatIsNotClosed(String raw) {
        assertThat(substitute(raw).problem()).startsWith("holds a '${' ");
    }

    @Test
    void saysWhichBraceIsMissing() {
        assertThat(substitute("${NO:-${A}").problem()).startsWith("holds a '${' without its '}'");
        assertThat(substitute("${A").problem()).startsWith("holds a '${' without its '}'");
    }

    @Test
    void boundsDepth() {
        assertThat(substitute(nested(Variables.MAX_DEPTH)).text()).isEqualTo("d");
        assertThat(substitute(nested(Variables.MAX_DEPTH)).problem()).isNull();
        assertThat(substitute(nested(Variables.MAX_DEPTH + 1)).problem()).contains("more than 8 levels deep");
        assertThat(substitute("${NO:-".repeat(2_000)).problem()).contains("more than 8 levels deep");
    }

    private static String nested(int depth) {
        return "${NO:-".repeat(depth) + "d" + "}".repeat(depth);
    }

    @Test
    void boundsSize() {
        assertThat(substitute("$LONG").problem()).isNull();
        Result result = substitute("$LONG ".repeat(2_000));
        assertThat(result.problem()).isEqualTo("is longer than 16384 characters once its variables are replaced");
        assertThat(result.text()).hasSizeLessThan(16_400);
        assertThat(substitute("${A:-$LONG$LONG}").text()).isEqualTo("x");
        assertThat(substitute("${A:-$LONG$LONG}").problem()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "${A:-},true",
        "${A:- },true",
        "${A:-${B:-}},true",
        "${A:-b},false",
        "${A:-${B:-c}},false",
        "${A:-${B}},false",
        "${A},false",
        "$A,false",
        "x${A:-},false",
        "${A:-}x,false",
        "${A:-}${B:-},false",
        "$${A:-},false",
        ":-,false"
    })
    void knowsWhatMayBeEmpty(String raw, boolean optional) {
        assertThat(Variables.isOptional(raw)).isEqualTo(optional);
    }

    @Property(tries = 5000)
    void takesAnyText(@ForAll("pieces") List<String> pieces) {
        String raw = String.join("", pieces);
        Result result = substitute(raw);

        assertThat(result.text()).hasSizeLessThanOrEqualTo(Variables.MAX_TEXT + 1);
        Variables.isOptional(raw);
        if (!raw.contains("$")) {
            assertThat(result).isEqualTo(new Result(raw, List.of(), null));
        }
    }

    @Provide
    Arbitrary<List<String>> pieces() {
        return Arbitraries.of("$", "${", "}", ":-", "A", "EMPTY", "NO", "{", "x", " ", "$LONG", "${NO:-")
                .list()
                .ofMaxSize(40);
    }
}
