package io.plano.translate.neutral;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer.
 *
 * @param start what it says of itself
 * @param content {@link Part.Text}, {@link Part.Refusal}, {@link Part.Thought}, {@link Part.RedactedThought}, {@link
 *     Part.ToolCall} and {@link Part.Native}, in their order
 * @param citations with positions in the text of the whole answer, blocks joined without a separator
 * @param logprobs the array that Chat Completions calls {@code logprobs.content}; null if there is none
 * @param finish how it ended
 * @param usage what it cost
 */
public record ChatAnswer(
        AnswerStart start,
        List<Part> content,
        List<Citation> citations,
        @Nullable ArrayNode logprobs,
        Finish finish,
        Usage usage) {
    public ChatAnswer {
        content = List.copyOf(content);
        citations = List.copyOf(citations);
    }

    /** All text, blocks joined without a separator: providers split a sentence where a citation starts. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Part part : content) {
            if (part instanceof Part.Text piece) {
                text.append(piece.text());
            }
        }
        return text.toString();
    }
}
