package io.plano.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AliasPatternTest {
    @ParameterizedTest
    @CsvSource({
        "*haiku*,claude-haiku-4-5,true",
        "*haiku*,haiku,true",
        "*haiku*,Claude-HAIKU,true",
        "*HAIKU*,claude-haiku,true",
        "*haiku*,claude-hai-ku,false",
        "gpt-*,gpt-4o,true",
        "gpt-*,gpt-,true",
        "gpt-*,gpt,false",
        "gpt-*,a-gpt-4o,false",
        "*-mini,gpt-4o-mini,true",
        "*-mini,gpt-4o-mini-audio,false",
        "gpt-*-mini,gpt-4o-mini,true",
        "gpt-*-mini,gpt-mini,false",
        "a*a,a,false",
        "a*a,aa,true",
        "a*b*c,abc,true",
        "a*b*c,acb,false",
        "*ab*ab*,aab,false",
        "*ab*ab*,xabab,true",
        "*.5*,gpt-3x5,false",
        "*[a]*,[A],true"
    })
    void takesAStarForAnyText(String pattern, String name, boolean matches) {
        assertThat(new AliasPattern(pattern).matches(name)).isEqualTo(matches);
    }

    /** Every pattern of up to five signs of which one is a star, on every name of up to five. */
    @Test
    void agreesWithARegularExpressionEverywhere() {
        List<String> names = words("abB", 5);
        for (String text : words("ab*", 5)) {
            if (!AliasPattern.isPattern(text)) {
                continue;
            }
            AliasPattern pattern = new AliasPattern(text);
            Pattern regex = Pattern.compile(text.replace("*", ".*"), Pattern.CASE_INSENSITIVE);
            for (String name : names) {
                assertThat(pattern.matches(name))
                        .as("%s on %s", text, name)
                        .isEqualTo(regex.matcher(name).matches());
            }
        }
    }

    private static List<String> words(String letters, int longest) {
        List<String> words = new ArrayList<>(List.of(""));
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).length() < longest) {
                for (char letter : letters.toCharArray()) {
                    words.add(words.get(i) + letter);
                }
            }
        }
        return words;
    }

    @Property(tries = 2000)
    void findsWhatItWasMadeFrom(@ForAll("pieces") List<String> pieces, @ForAll("pieces") List<String> fillings) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++) {
            name.append(i == 0 ? "" : fillings.get(i % fillings.size())).append(pieces.get(i));
        }
        AliasPattern pattern = new AliasPattern(String.join("*", pieces) + "*");

        assertThat(pattern.matches(name.toString())).isTrue();
        assertThat(pattern.matches(name + "tail")).isTrue();
    }

    @Provide
    Arbitrary<List<String>> pieces() {
        return Arbitraries.of("", "a", "A", "claude", "-", "haiku", "4.5", "/", "é", "模型", "$")
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Test
    void matchesAllOnlyWithNothingButStars() {
        assertThat(new AliasPattern("*").matchesAll()).isTrue();
        assertThat(new AliasPattern("***").matchesAll()).isTrue();
        assertThat(new AliasPattern("*a*").matchesAll()).isFalse();
        assertThat(new AliasPattern("***").matches("")).isTrue();
    }

    @Test
    void looksAtNoNameThatIsLongerThanAnyModels() {
        AliasPattern pattern = new AliasPattern("*b");

        assertThat(pattern.matches("a".repeat(AliasPattern.MAX_NAME - 1) + "b")).isTrue();
        assertThat(pattern.matches("a".repeat(AliasPattern.MAX_NAME) + "b")).isFalse();
    }
}
