package io.plano.translate.completions;

import static io.plano.translate.completions.CompletionsCases.CODEC;
import static io.plano.translate.completions.CompletionsCases.LENIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import io.plano.translate.AnswerContext;
import io.plano.translate.Json;
import io.plano.translate.UpstreamModel;
import io.plano.translate.completions.CompletionsCases.Outcome;
import io.plano.translate.framing.EventBuffer;
import io.plano.translate.neutral.AnswerCollector;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.ChatAnswer;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ChatStream;
import io.plano.translate.neutral.Finish;
import io.plano.translate.neutral.FinishReason;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.Usage;
import io.plano.translate.openai.Strict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** What goes through the codec and comes back is the same, whatever it is. */
class CompletionsPropertyTest {
    @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
    void requestsSurvive(@ForAll("requests") JsonNode document) {
        ChatRequest request = CODEC.decodeRequest(Json.bytes(document));
        byte[] encoded =
                CODEC.encodeRequest(request, new UpstreamModel("m", LENIENT)).body();
        assertThat(CODEC.decodeRequest(encoded)).isEqualTo(request);
    }

    @Provide
    Arbitrary<JsonNode> requests() {
        return Combinators.combine(
                        messages().list().ofMaxSize(5), members().list().ofMaxSize(8))
                .as((messages, members) -> {
                    var request = Json.nodes().objectNode().put("model", "m");
                    var array = request.putArray("messages");
                    messages.forEach(some -> some.forEach(array::add));
                    members.forEach(member -> request.set(member.getKey(), member.getValue()));
                    if (request.has("tools")) {
                        request.remove("functions");
                    }
                    if (!request.has("tools")) {
                        request.remove(List.of("tool_choice", "parallel_tool_calls"));
                    }
                    return request;
                });
    }

    private static JsonNode tree(String text) {
        return CompletionsCases.tree(text);
    }

    private static Arbitrary<JsonNode> content() {
        Arbitrary<JsonNode> text = Arbitraries.strings().ofMaxLength(12).map(Json.nodes()::textNode);
        Arbitrary<JsonNode> part = Arbitraries.oneOf(
                Arbitraries.strings()
                        .ofMaxLength(8)
                        .map(value ->
                                Json.nodes().objectNode().put("type", "text").put("text", value)),
                Arbitraries.of(
                        tree("{'type':'text','text':'x','cache_control':{'type':'ephemeral'}}"),
                        tree("{'type':'image_url','image_url':{'url':'https://h/i','detail':'low','x':1},'y':2}"),
                        tree("{'type':'image_url','image_url':'data:image/png;base64,AAAA'}"),
                        tree("{'type':'file','file':{'filename':'a','file_data':'data:application/pdf;base64,AAAA'}}"),
                        tree("{'type':'file','file':{'file_id':'file-1','z':[1]}}"),
                        tree("{'type':'input_audio','input_audio':{'data':'AA','format':'mp3'}}"),
                        tree("{'type':'video_url','video_url':{'url':'https://h/v'}}")));
        Arbitrary<JsonNode> parts = part.list().ofMaxSize(3).map(all -> {
            var array = Json.nodes().arrayNode();
            all.forEach(array::add);
            return array;
        });
        return Arbitraries.oneOf(text, parts);
    }

    /** Messages that belong together: a call and its result. */
    private static Arbitrary<List<JsonNode>> messages() {
        Arbitrary<List<JsonNode>> plain = Combinators.combine(
                        Arbitraries.of("system", "developer", "user", "assistant"), content())
                .as((role, content) -> {
                    var message = Json.nodes().objectNode().put("role", role);
                    message.set("content", content);
                    return List.of((JsonNode) message);
                });
        Arbitrary<List<JsonNode>> loop = Combinators.combine(
                        Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(80), content(), content())
                .as((id, said, result) -> {
                    var message = Json.nodes().objectNode().put("role", "assistant");
                    message.set("content", said);
                    message.set(
                            "tool_calls",
                            tree("[{'id':'" + id
                                    + "','type':'function','function':{'name':'f.x','arguments':'{ }'},'q':1},"
                                    + "{'id':'" + id + "2','type':'custom','custom':{'name':'g','input':'a'}}]"));
                    var first = Json.nodes().objectNode().put("role", "tool").put("tool_call_id", id);
                    first.set("content", result);
                    return List.<JsonNode>of(
                            message,
                            first,
                            tree("{'role':'tool','tool_call_id':'" + id + "2','content':'ok','name':'g'}"),
                            tree("{'role':'user','content':'next'}"));
                });
        Arbitrary<List<JsonNode>> others = Arbitraries.of(
                List.of(tree("{'role':'assistant','content':'a','reasoning_content':'thought','name':'n'}")),
                List.of(tree("{'role':'assistant','content':null,'refusal':'no'}")),
                List.of(
                        tree(
                                "{'role':'assistant','content':'a','thinking_blocks':["
                                        + "{'type':'thinking','thinking':'t','signature':'s','x':1},{'type':'redacted_thinking','data':'d'}]}")),
                List.of(tree("{'role':'user','content':'a','cache_control':{'type':'ephemeral'},'name':'ann'}")),
                List.of(
                        tree("{'role':'assistant','content':null,'function_call':{'name':'f','arguments':'{}'}}"),
                        tree("{'role':'function','name':'f','content':'one'}"),
                        tree("{'role':'user','content':'next'}")));
        return Arbitraries.oneOf(plain, loop, others);
    }

    private static Arbitrary<Map.Entry<String, JsonNode>> members() {
        List<Map.Entry<String, JsonNode>> fixed = new ArrayList<>();
        for (String member : new String[] {
            "n:2",
            "n:1",
            "stream:true",
            "stream:false",
            "stream_options:{'include_usage':true,'x':1}",
            "stop:'a'",
            "stop:['a','b']",
            "seed:42",
            "logprobs:true",
            "top_logprobs:4",
            "user:'u'",
            "store:true",
            "metadata:{'a':'b'}",
            "service_tier:'flex'",
            "safety_identifier:'s'",
            "prompt_cache_key:'k'",
            "verbosity:'low'",
            "reasoning_effort:'none'",
            "reasoning_effort:'high'",
            "reasoning:{'effort':'low'}",
            "reasoning:{'enabled':true}",
            "thinking:{'type':'enabled','budget_tokens':99}",
            "thinking:{'type':'disabled'}",
            "thinking:{'type':'enabled','x':1}",
            "response_format:{'type':'text'}",
            "response_format:{'type':'json_object','x':1}",
            "response_format:{'type':'other'}",
            "response_format:{'type':'json_schema','json_schema':{'name':'n','schema':{'b':1.10,'a':{}},'strict':false,'q':1}}",
            "tools:[{'type':'function','function':{'name':'f','parameters':{'z':1,'a':2},'strict':true,'w':1},'v':2},"
                    + "{'type':'custom','custom':{'name':'g','description':'d','format':{'type':'text'}}},{'type':'other','x':1}]",
            "functions:[{'name':'f','description':'','parameters':{}}]",
            "function_call:{'name':'f'}",
            "tool_choice:'auto'",
            "tool_choice:{'type':'function','function':{'name':'f'}}",
            "tool_choice:{'type':'allowed_tools','allowed_tools':{'mode':'auto','tools':[{'type':'custom','custom':{'name':'g'}}]}}",
            "parallel_tool_calls:true",
            "modalities:['text']",
            "modalities:['text','audio']",
            "audio:{'voice':'x'}",
            "web_search_options:{'search_context_size':'low','user_location':{'type':'approximate','approximate':{'city':'c'}},'x':1}",
            "max_tokens:7",
            "max_completion_tokens:9",
            "top_k:3",
            "logit_bias:{'5':-1}"
        }) {
            int colon = member.indexOf(':');
            fixed.add(Map.entry(member.substring(0, colon), tree(member.substring(colon + 1))));
        }
        Arbitrary<Map.Entry<String, JsonNode>> numbers = Combinators.combine(
                        Arbitraries.of("temperature", "top_p", "frequency_penalty", "presence_penalty"),
                        Arbitraries.bigDecimals())
                .as((name, value) -> Map.entry(name, (JsonNode) Json.nodes().numberNode(value)));
        return Arbitraries.oneOf(Arbitraries.of(fixed), numbers);
    }

    @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
    void streamsSurvive(@ForAll("answers") List<Consumer<ChatStream>> answer, @ForAll int seed) {
        ChatAnswer expected = collect(new AnswerCollector(), answer);
        byte[] events = CompletionsCases.encode(context(), stream -> play(stream, answer));
        AnswerCollector collector = new AnswerCollector();
        CompletionsCases.decode(events, 1 + Math.floorMod(seed, 40), new Strict(collector));
        assertThat(collector.answer()).isEqualTo(expected);
    }

    @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
    void wholeAnswersSurvive(@ForAll("answers") List<Consumer<ChatStream>> answer) {
        ChatAnswer expected = collect(new AnswerCollector(), answer);
        Outcome outcome = CompletionsCases.whole(CODEC.encodeAnswer(expected, context()));
        ChatAnswer again = outcome.answer();
        assertThat(again.text()).isEqualTo(expected.text());
        assertThat(again.finish()).isEqualTo(expected.finish());
        assertThat(again.usage()).isEqualTo(expected.usage());
        assertThat(again.content())
                .containsAll(expected.content().stream()
                        .filter(part -> part instanceof Part.ToolCall)
                        .toList());
    }

    private static AnswerContext context() {
        return CompletionsCases.context(",'stream':true,'stream_options':{'include_usage':true}");
    }

    private static ChatAnswer collect(AnswerCollector collector, List<Consumer<ChatStream>> answer) {
        play(new Strict(collector), answer);
        return Objects.requireNonNull(collector.answer());
    }

    private static void play(ChatStream stream, List<Consumer<ChatStream>> answer) {
        stream.started(new AnswerStart("chatcmpl-1", "m", 7, null));
        answer.forEach(piece -> piece.accept(stream));
        stream.usage(new Usage(9, 4, 2, 5, 3));
        stream.ended();
    }

    @Provide
    Arbitrary<List<Consumer<ChatStream>>> answers() {
        Arbitrary<String> text =
                Arbitraries.strings().ofMinLength(1).ofMaxLength(20).map(CompletionsPropertyTest::encodable);
        Arbitrary<List<Consumer<ChatStream>>> thoughts = text.list()
                .ofMaxSize(3)
                .map(pieces -> {
                    List<Consumer<ChatStream>> all = new ArrayList<>();
                    pieces.forEach(piece -> all.add(stream -> stream.reasoningDelta(piece)));
                    if (!pieces.isEmpty()) {
                        all.add(stream -> stream.reasoningSigned(new Signature(WireFormat.COMPLETIONS, "sig")));
                        all.add(stream -> stream.reasoningRedacted(new Signature(WireFormat.COMPLETIONS, "data")));
                    }
                    return all;
                });
        Arbitrary<List<Consumer<ChatStream>>> texts = text.list().ofMaxSize(4).map(pieces -> {
            List<Consumer<ChatStream>> all = new ArrayList<>();
            pieces.forEach(piece -> all.add(stream -> stream.textDelta(piece)));
            return all;
        });
        Arbitrary<List<Consumer<ChatStream>>> calls = text.list().ofMaxSize(4).map(pieces -> {
            List<Consumer<ChatStream>> all = new ArrayList<>();
            for (int i = 0; i < pieces.size(); i++) {
                int index = i;
                String piece = pieces.get(i);
                ToolKind kind = i % 2 == 0 ? ToolKind.FUNCTION : ToolKind.CUSTOM;
                String json = Json.compact(Json.nodes().objectNode().put("x", piece));
                String arguments = kind == ToolKind.CUSTOM ? piece : json;
                int half = Math.max(1, arguments.length() / 2);
                all.add(stream -> stream.toolCallStarted(index, "id" + index, "tool", kind));
                all.add(stream -> stream.toolArgumentsDelta(index, encodable(arguments.substring(0, half))));
                if (half < arguments.length()) {
                    all.add(stream -> stream.toolArgumentsDelta(index, encodable(arguments.substring(half))));
                }
                all.add(stream -> stream.toolCallEnded(index));
            }
            all.add(stream ->
                    stream.finished(new Finish(pieces.isEmpty() ? FinishReason.LENGTH : FinishReason.TOOL_CALLS)));
            return all;
        });
        return Combinators.combine(thoughts, texts, calls).as((first, second, third) -> {
            List<Consumer<ChatStream>> all = new ArrayList<>(first);
            all.addAll(second);
            all.addAll(third);
            return all;
        });
    }

    /** Without lone surrogates, which no JSON of OpenAI's has. */
    private static String encodable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Property(tries = 1000, shrinking = ShrinkingMode.BOUNDED)
    void readsChunksFastAndSlowAlike(@ForAll("chunks") String chunk) {
        byte[] first = CompletionsCases.json("data: {'id':'1','choices':[{'index':0,'delta':{'role':'assistant',"
                + "'tool_calls':[{'index':0,'id':'c','function':{'name':'f','arguments':''}}]}}]}\n\n");
        byte[] slow =
                CompletionsCases.json("data: " + chunk.replace("'delta'", "'zz':7,'delta'") + "\n\ndata: [DONE]\n\n");
        byte[] fast = CompletionsCases.json("data: " + chunk + "\n\ndata: [DONE]\n\n");
        // A second choice sends the chunk the slow way.
        byte[] tree = CompletionsCases.json(
                "data: " + chunk.substring(0, chunk.length() - 2) + ",{'index':1}]}" + "\n\ndata: [DONE]\n\n");
        Outcome expected = CompletionsCases.stream(joined(first, tree));
        assertThat(CompletionsCases.stream(joined(first, fast))).isEqualTo(expected);
        assertThat(CompletionsCases.stream(joined(first, slow))).isEqualTo(expected);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        EventBuffer buffer = new EventBuffer();
        buffer.write(first);
        buffer.write(second);
        return buffer.take();
    }

    @Provide
    Arbitrary<String> chunks() {
        Arbitrary<String> text = Arbitraries.strings()
                .withCharRange('\u0000', '\u00ff')
                .ofMaxLength(10)
                .map(value -> Json.compact(Json.nodes().textNode(value.replace("'", "")))
                        .replace("\\\"", "x")
                        .replace('"', '\''));
        Arbitrary<String> value =
                Arbitraries.oneOf(text, Arbitraries.of("null", "''", "[]", "7", "{}", "'\\ud83d\\ude00'"));
        Arbitrary<String> member = Combinators.combine(
                        Arbitraries.of(
                                "content", "reasoning_content", "reasoning", "role", "refusal", "x", "tool_calls"),
                        value)
                .as((name, content) -> "'" + name + "':" + content);
        Arbitrary<String> call =
                text.map(arguments -> "'tool_calls':[{'index':0,'function':{'arguments':" + arguments + "}}]");
        return Arbitraries.oneOf(member, call)
                .list()
                .uniqueElements(one -> one.substring(0, one.indexOf(':')))
                .ofMaxSize(3)
                .map(members -> "{'id':'1','x':[{'a':-1.5e3}],'choices':[{'index':0,'delta':{"
                        + String.join(",", members) + "},'finish_reason':null}]}");
    }
}
