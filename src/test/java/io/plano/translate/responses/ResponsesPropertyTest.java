package io.plano.translate.responses;

import static io.plano.translate.responses.ResponsesExchange.CODEC;
import static io.plano.translate.responses.ResponsesExchange.UPSTREAM;
import static io.plano.translate.responses.ResponsesExchange.context;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Json;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.Usage;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written and read again is what it was, for requests and for answers, whole and in pieces. */
class ResponsesPropertyTest {
    @Property(tries = 300)
    void aRequestSaysTheSameAfterItWasWritten(@ForAll("requests") ObjectNode json) {
        ChatRequest request = CODEC.decodeRequest(Json.bytes(json));
        byte[] written = CODEC.encodeRequest(request, UPSTREAM).body();
        assertThat(CODEC.decodeRequest(written)).isEqualTo(request);
        assertThat(CODEC.encodeRequest(request, UPSTREAM).body()).isEqualTo(written);
    }

    @Property(tries = 300)
    void anAnswerSaysTheSameAfterItWasStreamed(@ForAll("answers") ChatAnswer response, @ForAll("sizes") int pieces) {
        byte[] stream = ResponsesExchange.utf8(
                ResponsesExchange.written(context(), client -> ResponsesReplay.play(response, client)));
        assertThat(ResponsesExchange.withoutReasoningIds(Objects.requireNonNull(
                        ResponsesExchange.read(stream, pieces).answer())))
                .isEqualTo(response);
        assertThat(ResponsesExchange.withoutReasoningIds(
                        Objects.requireNonNull(ResponsesExchange.readWhole(CODEC.encodeAnswer(response, context()))
                                .answer())))
                .isEqualTo(response);
    }

    @Provide
    Arbitrary<Integer> sizes() {
        return Arbitraries.integers().between(1, 400);
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withCharRange('\0', '\u024F')
                .withChars('"', '\\', '\u4e16', '\u2028')
                .ofMinLength(1)
                .ofMaxLength(40);
    }

    private static Arbitrary<String> names() {
        return Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(12);
    }

    @Provide
    Arbitrary<ObjectNode> requests() {
        Arbitrary<List<ObjectNode>> items = Arbitraries.oneOf(message(), assistant(), call(), reasoning(), foreign())
                .list()
                .ofMaxSize(8);
        Arbitrary<List<ObjectNode>> tools =
                Arbitraries.oneOf(function(), custom()).list().ofMaxSize(3);
        return Combinators.combine(items, tools, names(), Arbitraries.integers().between(16, 1 << 20))
                .as((itemList, toolList, word, limit) -> {
                    ObjectNode request = object().put("model", "gpt-5.4");
                    ArrayNode input = request.putArray("input");
                    itemList.forEach(item -> {
                        input.add(item);
                        if (item.has("call_id")) {
                            boolean function = item.has("arguments");
                            input.addObject()
                                    .put("type", function ? "function_call_output" : "custom_tool_call_output")
                                    .put("call_id", item.path("call_id").textValue())
                                    .put("output", word);
                        }
                    });
                    request.putArray("tools").addAll(toolList);
                    request.put("instructions", word).put("max_output_tokens", limit);
                    request.put("unknown_member", word).put("user", word);
                    return request;
                });
    }

    private static ObjectNode object() {
        return Json.nodes().objectNode();
    }

    private static Arbitrary<ObjectNode> message() {
        return Combinators.combine(Arbitraries.of("user", "system", "developer"), texts(), texts())
                .as((role, first, second) -> {
                    ObjectNode message = object().put("role", role).put("id", "msg_" + first.length());
                    ArrayNode content = message.putArray("content");
                    content.addObject().put("type", "input_text").put("text", first);
                    content.addObject()
                            .put("type", "input_text")
                            .put("text", second)
                            .put("mark", second);
                    return message;
                });
    }

    private static Arbitrary<ObjectNode> assistant() {
        return texts().map(text -> {
            ObjectNode message =
                    object().put("type", "message").put("role", "assistant").put("status", "completed");
            message.putArray("content").addObject().put("type", "output_text").put("text", text);
            return message;
        });
    }

    private static Arbitrary<ObjectNode> call() {
        return Combinators.combine(names(), names(), texts(), Arbitraries.of(true, false))
                .as((id, name, arguments, function) -> object().put(
                                "type", function ? "function_call" : "custom_tool_call")
                        .put("call_id", id)
                        .put("name", name)
                        .put(function ? "arguments" : "input", arguments));
    }

    private static Arbitrary<ObjectNode> reasoning() {
        return Combinators.combine(texts().list().ofMaxSize(3), names()).as((texts, word) -> {
            ObjectNode item = object().put("type", "reasoning").put("id", "rs_" + word);
            ArrayNode summary = item.putArray("summary");
            texts.forEach(
                    text -> summary.addObject().put("type", "summary_text").put("text", text));
            return word.length() % 2 == 0 ? item.put("encrypted_content", word) : item;
        });
    }

    private static Arbitrary<ObjectNode> foreign() {
        return names().map(word -> object().put("type", "web_search_call").put("id", word));
    }

    private static Arbitrary<ObjectNode> function() {
        return Combinators.combine(names(), texts()).as((name, text) -> {
            ObjectNode tool = object().put("type", "function").put("name", name).put("description", text);
            tool.putObject("parameters").put("type", "object").put("description", text);
            return tool.put("strict", text.length() % 2 == 0);
        });
    }

    private static Arbitrary<ObjectNode> custom() {
        return names().map(
                        name -> object().put("type", "custom").put("name", name).put("defer_loading", true));
    }

    @Provide
    Arbitrary<ChatAnswer> answers() {
        Arbitrary<Part> text = texts().map(Part.Text::new);
        Arbitrary<Part> refusal = texts().map(words -> new Part.Refusal(words, Extras.NONE));
        Arbitrary<Part> thought = Combinators.combine(texts(), Arbitraries.of(true, false))
                .as((words, signed) -> new Part.Thought(
                        words, signed ? new Signature(WireFormat.RESPONSES, "enc") : null, Extras.NONE));
        Arbitrary<Part> call = Combinators.combine(
                        names(), names(), texts(), Arbitraries.of(ToolKind.FUNCTION, ToolKind.CUSTOM))
                .as((id, name, arguments, kind) -> new Part.ToolCall(id, name, kind, arguments, Extras.NONE));
        Arbitrary<List<Part>> content =
                Arbitraries.oneOf(text, refusal, thought, call).list().ofMaxSize(6);
        return Combinators.combine(content, Arbitraries.longs().between(0, 1_000_000), Arbitraries.of(true, false))
                .as((parts, tokens, cut) -> new ChatAnswer(
                        new AnswerStart("resp_1", "m", 1 + tokens, "default"),
                        parts,
                        List.of(),
                        null,
                        new Finish(cut ? FinishReason.LENGTH : natural(parts)),
                        new Usage(tokens, tokens / 2, tokens / 3, tokens, tokens / 4)));
    }

    private static FinishReason natural(List<Part> parts) {
        return parts.stream().anyMatch(Part.ToolCall.class::isInstance) ? FinishReason.TOOL_CALLS : FinishReason.STOP;
    }
}
