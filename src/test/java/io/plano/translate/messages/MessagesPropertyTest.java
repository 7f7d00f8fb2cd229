package io.plano.translate.messages;

import static io.plano.translate.messages.Messages.CODEC;
import static io.plano.translate.messages.Messages.answer;
import static io.plano.translate.messages.Messages.context;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.translate.CallArguments;
import io.plano.translate.Json;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.framing.Framing;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Requests and answers of any content come back as they were. */
class MessagesPropertyTest {
    private static final JsonNode MARKER = Messages.json("{'type':'ephemeral'}");

    /** One piece of an answer as it is pushed. */
    private sealed interface Piece {
        record Text(String text) implements Piece {}

        record Thought(String text) implements Piece {}

        record BlockEnd() implements Piece {}

        record Call(List<String> arguments, int others) implements Piece {}
    }

    private static Arbitrary<String> text() {
        return Arbitraries.strings()
                .withChars('a', ' ', '"', '\\', '\n', '\u0000', '\u001f', '\u007f', 'é', '中', '\u2028')
                .ofMaxLength(20)
                .map(given -> given.isEmpty() ? "😀" : given + "😀");
    }

    private static Arbitrary<ObjectNode> block() {
        return Combinators.combine(text(), Arbitraries.integers().between(0, 5), Arbitraries.of(true, false))
                .as((text, kind, marked) -> {
                    ObjectNode block = Json.nodes().objectNode();
                    switch (kind) {
                        case 0 ->
                            block.put("type", "image")
                                    .putObject("source")
                                    .put("type", "url")
                                    .put("url", text);
                        case 1 ->
                            block.put("type", "document")
                                    .put("title", text)
                                    .putObject("source")
                                    .put("type", "text")
                                    .put("media_type", "text/plain")
                                    .put("data", text);
                        case 2 ->
                            block.put("type", "tool_result")
                                    .put("tool_use_id", text)
                                    .put("content", text);
                        case 3 -> block.put("type", "invented").put("x", text);
                        default -> block.put("type", "text").put("text", text);
                    }
                    return marked ? block.set("cache_control", MARKER) : block;
                });
    }

    private static Arbitrary<ObjectNode> answerBlock() {
        return Combinators.combine(text(), Arbitraries.integers().between(0, 4)).as((text, kind) -> {
            ObjectNode block = Json.nodes().objectNode();
            switch (kind) {
                case 0 -> block.put("type", "thinking").put("thinking", text).put("signature", text);
                case 1 -> block.put("type", "redacted_thinking").put("data", text);
                case 2 ->
                    block.put("type", "tool_use")
                            .put("id", text)
                            .put("name", "f")
                            .putObject("input")
                            .put(text, 1);
                default -> block.put("type", "text").put("text", text);
            }
            return block;
        });
    }

    private static Arbitrary<ObjectNode> message() {
        Arbitrary<ObjectNode> user = block().list().ofMaxSize(4).map(blocks -> message("user", blocks));
        Arbitrary<ObjectNode> assistant = answerBlock().list().ofMaxSize(4).map(blocks -> message("assistant", blocks));
        return Arbitraries.oneOf(user, assistant);
    }

    private static ObjectNode message(String role, List<ObjectNode> blocks) {
        ObjectNode message = Json.nodes().objectNode().put("role", role);
        message.putArray("content").addAll(blocks);
        return message;
    }

    @Provide
    Arbitrary<byte[]> requests() {
        return Combinators.combine(
                        message().list().ofMaxSize(5),
                        text(),
                        Arbitraries.of("auto", "any", "none"),
                        Arbitraries.of("enabled", "adaptive", "disabled"),
                        Arbitraries.longs().between(1, 200_000),
                        Arbitraries.bigDecimals().between(BigDecimal.ZERO, BigDecimal.ONE))
                .as((messages, text, choice, thinking, limit, temperature) -> {
                    ObjectNode request =
                            Json.nodes().objectNode().put("model", "m").put("max_tokens", limit);
                    request.put("system", text).put("temperature", temperature);
                    request.putArray("messages").addAll(messages);
                    ObjectNode tool = request.putArray("tools").addObject().put("name", "f");
                    tool.putObject("input_schema").put("type", "object").put("title", text);
                    request.putObject("tool_choice").put("type", choice);
                    request.putObject("thinking").put("type", thinking).put("budget_tokens", limit);
                    request.putObject("metadata").put("user_id", text).put("other", text);
                    return Json.bytes(request);
                });
    }

    @Property(tries = 300)
    void aRequestComesBack(@ForAll("requests") byte[] body) {
        ChatRequest request = CODEC.decodeRequest(body);
        byte[] written = Messages.encoded(request, "m").body();
        ChatRequest again = CODEC.decodeRequest(written);
        assertThat(again).isEqualTo(request);
        assertThat(Messages.encoded(again, "m").body()).isEqualTo(written);
        assertThat(blocks(written)).isEqualTo(blocks(body));
    }

    /** All blocks of all messages, in their order. */
    private static List<JsonNode> blocks(byte[] request) {
        List<JsonNode> blocks = new ArrayList<>();
        JsonNode document = Json.read(request);
        if (document != null) {
            for (JsonNode message : document.path("messages")) {
                message.path("content").forEach(block -> blocks.add(withoutForms(block.deepCopy())));
            }
        }
        return blocks;
    }

    /** A result's text is written as a block. */
    private static JsonNode withoutForms(JsonNode block) {
        if (block instanceof ObjectNode object && object.path("content").isTextual()) {
            ArrayNode content = Json.nodes().arrayNode();
            content.addObject().put("type", "text").set("text", object.path("content"));
            object.set("content", content);
        }
        return block;
    }

    @Provide
    Arbitrary<List<Piece>> pieces() {
        Arbitrary<Piece> text = text().map(Piece.Text::new);
        Arbitrary<Piece> thought = text().map(Piece.Thought::new);
        Arbitrary<Piece> end = Arbitraries.just(new Piece.BlockEnd());
        Arbitrary<Piece> call = Combinators.combine(
                        text().list().ofMaxSize(3), Arbitraries.integers().between(0, 3))
                .as(Piece.Call::new);
        return Arbitraries.oneOf(text, thought, end, call).list().ofMaxSize(12);
    }

    /** Calls overlap with what follows them, as far as their number says. */
    private static void push(List<Piece> pieces, ChatStream answer) {
        answer.started(new AnswerStart("msg_1", "m", 0, null));
        int calls = 0;
        List<Integer> open = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Text text) {
                answer.textDelta(text.text());
            } else if (piece instanceof Piece.Thought thought) {
                answer.reasoningDelta(thought.text());
            } else if (piece instanceof Piece.Call call) {
                answer.toolCallStarted(calls, "id" + calls, "f", ToolKind.FUNCTION);
                for (String part : call.arguments()) {
                    answer.toolArgumentsDelta(calls, Json.compact(Json.nodes().textNode(part)));
                }
                open.add(calls++);
                while (open.size() > call.others()) {
                    answer.toolCallEnded(open.remove(0));
                }
            } else {
                answer.blockEnded();
            }
        }
        open.forEach(answer::toolCallEnded);
        answer.usage(new Usage(5, 1, 2, 3, 0));
        answer.ended();
    }

    @Property(tries = 300)
    void aStreamOfAnythingComesBack(@ForAll("pieces") List<Piece> pieces) {
        AnswerCollector expected = new AnswerCollector();
        push(pieces, expected);
        EventBuffer events = new EventBuffer();
        push(pieces, CODEC.encodeStream(Framing.sse().writer(events), context()));
        ChatAnswer response = answer(Messages.stream(events.take(), 16));
        assertThat(withArguments(response.content()))
                .isEqualTo(withArguments(answer(expected).content()));
        assertThat(response.usage()).isEqualTo(answer(expected).usage());
    }

    /** A call without pieces comes back with an empty object, one of text that is no object with an object of it. */
    private static List<Part> withArguments(List<Part> content) {
        return content.stream()
                .map(part -> part instanceof Part.ToolCall call && call.kind() == ToolKind.FUNCTION
                        ? new Part.ToolCall(
                                call.id(),
                                call.name(),
                                call.kind(),
                                Json.compact(CallArguments.object(call.arguments())),
                                call.extras())
                        : part)
                .toList();
    }
}
