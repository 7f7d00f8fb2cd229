package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.WireFormat;
import io.plano.translate.neutral.Account;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Sampling;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolUse;
import io.plano.translate.neutral.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenEstimateTest {
    private static ChatRequest request(List<Turn> turns, Tool... tools) {
        return new ChatRequest(
                Codecs.client(WireFormat.MESSAGES),
                null,
                ChatRequest.Delivery.WHOLE,
                turns,
                new ToolUse(List.of(tools), null, null),
                Sampling.DEFAULT,
                null,
                OutputForm.UNSAID,
                Account.UNSAID,
                Extras.NONE);
    }

    private static Turn turn(Turn.Role role, Part... parts) {
        return new Turn(role, List.of(parts));
    }

    private static long user(Part... parts) {
        return TokenEstimate.of(request(List.of(turn(Turn.Role.USER, parts))), "gpt-4o");
    }

    /** The example of OpenAI's cookbook: 129 and 124 tokens there, less the 14 of its {@code name} members. */
    @ParameterizedTest
    @CsvSource({"gpt-4-0613, 115", "gpt-3.5-turbo-0125, 115", "gpt-4o, 110", "gpt-4.1-mini, 110", "o3, 110"})
    void countsAsTheCookbookDoes(String model, long tokens) {
        List<Turn> turns = new ArrayList<>();
        for (String line : new String[] {
            "You are a helpful, pattern-following assistant that translates corporate jargon into plain English.",
            "New synergies will help drive top-line growth.",
            "Things working well together will increase revenue.",
            "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
            "Let's talk later when we're less busy about how to do better.",
            "This late pivot means we don't have time to boil the ocean for the client deliverable."
        }) {
            turns.add(turn(Turn.Role.SYSTEM, new Part.Text(line)));
        }
        assertThat(TokenEstimate.of(request(turns), model)).isEqualTo(tokens);
    }

    @Test
    void countsFramesAndWords() {
        assertThat(TokenEstimate.of(request(List.of()), "gpt-4o")).isEqualTo(3);
        assertThat(user()).isEqualTo(7);
        assertThat(user(new Part.Text("Hello world"))).isEqualTo(9);
        assertThat(user(new Part.Text("<|endoftext|>"))).isGreaterThan(9);
    }

    @Test
    void countsWhatIsNoTextByConstants() {
        long empty = user();
        Media image = new Media.Inline("image/png", "AAAA");
        assertThat(user(new Part.Image(image, null, Extras.NONE))).isEqualTo(empty + 765);
        assertThat(user(new Part.Image(image, "low", Extras.NONE))).isEqualTo(empty + 85);
        assertThat(user(new Part.Document(new Media.Inline("application/pdf", "AAAA"), null, Extras.NONE)))
                .isEqualTo(empty + 1_500);
        assertThat(user(new Part.Document(new Media.Inline("application/pdf", "A".repeat(70_000)), null, Extras.NONE)))
                .isEqualTo(empty + 3_000);
        assertThat(user(new Part.Document(new Media.PlainText("text/plain", "Hello world"), null, Extras.NONE)))
                .isEqualTo(empty + 2);
        assertThat(user(new Part.Document(new Media.Inline("text/plain", "SGVsbG8gd29ybGQ="), null, Extras.NONE)))
                .isEqualTo(empty + 2);
    }

    @Test
    void countsTools() {
        Tool tool = new Tool.Function("f", "d", Json.read("{\"type\":\"object\"}"), null, Extras.NONE);
        assertThat(TokenEstimate.of(request(List.of(), tool), "gpt-4o")).isGreaterThan(3 + 8);
    }

    @Test
    void countsTheSameOnManyThreads() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            Callable<Long> count = () -> user(new Part.Text("Hello world"));
            for (Future<Long> result : pool.invokeAll(List.of(count, count, count, count))) {
                assertThat(result.get()).isEqualTo(9);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gpt-4o", "openai/gpt-5-mini", "o3", "o4-mini", "gpt-35-turbo", "openai/gpt-oss-120b", "GPT-4.1"
            })
    void knowsOpenAisModelsByTheirNames(String model) {
        assertThat(TokenEstimate.knows(model)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude-sonnet-4-5", "llama-3", "mistral/o3x", "gemini-2.5-pro", "", "my-gpt"})
    void knowsThatOthersAreNone(String model) {
        assertThat(TokenEstimate.knows(model)).isFalse();
    }
}
