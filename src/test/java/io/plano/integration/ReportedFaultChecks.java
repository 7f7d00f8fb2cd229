package io.plano.integration;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.integration.ReportedFaultRun.Answer;
import io.plano.testing.ResponseEnd;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/** What each of the {@link ReportedFault}s must come to. Stateless. */
final class ReportedFaultChecks {
    static final Map<String, Consumer<ReportedFaultRun>> ALL = Map.ofEntries(
            entry("t01", ReportedFaultChecks::thoughtSignatureComesBack),
            entry("t02", ReportedFaultChecks::reasoningDetailsComeBack),
            entry("t03", ReportedFaultChecks::foreignThinkingStaysBehind),
            entry("t05", run -> assertCallInput(run, "{}")),
            entry("t07", ReportedFaultChecks::cutArgumentsAreAnObject),
            entry("t08", ReportedFaultChecks::limitIsRaised),
            entry("t09", ReportedFaultChecks::forcedSearchIsTheHostedTool),
            entry("t10", ReportedFaultChecks::cacheMarkIsOnTheBlock),
            entry("t11", ReportedFaultChecks::noBlankText),
            entry("t12", ReportedFaultChecks::schemaIsOneOfClaude),
            entry("t14", ReportedFaultChecks::noEffortForPlainModels),
            entry("t15", ReportedFaultChecks::toolsGoToResponses),
            entry("t16", ReportedFaultChecks::longAnswerIsWhole),
            entry("t17", ReportedFaultChecks::citationBeforeItsTextIsKept),
            entry("t18", ReportedFaultChecks::streamUnderAnotherLabel),
            entry("t19", run -> assertRefused(run, 502, "Model service overloaded")),
            entry("t20", run -> assertRefused(run, 404, "model not loaded")),
            entry("t22", ReportedFaultChecks::doneIsTheEnd),
            entry("t23", ReportedFaultChecks::forcedToolWithoutThought),
            entry("t24", ReportedFaultChecks::failedStreamEndsInOrder),
            entry("t26", run -> assertRefused(run, 400, "prompt is too long")),
            entry("u01", ReportedFaultChecks::listMembersAreNumbered),
            entry("u03", ReportedFaultChecks::alternativesAreFolded),
            entry("u07", ReportedFaultChecks::inputPassesTheTypes),
            entry("u08", run -> assertModel(run, "gpt-4o-mini")),
            entry("u09", ReportedFaultChecks::limitIsTheModels),
            entry("u11", ReportedFaultChecks::reasoningIsShown),
            entry("v01", ReportedFaultChecks::threadIsRefused),
            entry("v02", ReportedFaultChecks::displayIsMapped),
            entry("v03", ReportedFaultChecks::systemTextIsInput),
            entry("v04", ReportedFaultChecks::filesAreTheClientsOwn),
            entry("v05", ReportedFaultChecks::answerEndsAtTheStop),
            entry("v06", ReportedFaultChecks::exactRowComesFirst));

    private ReportedFaultChecks() {}

    /** The next turn of a Messages client, which sends back the answer as it came. */
    private static Answer goOn(ReportedFaultRun run) {
        JsonNode content = run.success().json().path("content");
        ObjectNode next = run.fault().body().deepCopy();
        ArrayNode messages = next.withArray("messages");
        messages.addObject().put("role", "assistant").set("content", content);
        ArrayNode results = messages.addObject().put("role", "user").putArray("content");
        content.forEach(block -> {
            if (block.path("type").asText().equals("tool_use")) {
                results.addObject()
                        .put("type", "tool_result")
                        .put("tool_use_id", block.path("id").asText())
                        .put("content", "r");
            }
        });
        return run.ask(next);
    }

    private static void thoughtSignatureComesBack(ReportedFaultRun run) {
        assertThat(goOn(run).status()).isEqualTo(200);
        assertThat(run.asked().at("/messages/1/tool_calls/0/extra_content/google/thought_signature"))
                .as(run.request().bodyText())
                .isEqualTo(text("TSIG"));
    }

    private static void reasoningDetailsComeBack(ReportedFaultRun run) {
        assertThat(goOn(run).status()).isEqualTo(200);
        assertThat(run.asked().at("/messages/1/reasoning_details"))
                .as(run.request().bodyText())
                .isEqualTo(ReportedFault.json("[{\"type\":\"reasoning.encrypted\",\"data\":\"ENC\","
                        + "\"id\":\"call_1\",\"format\":\"google-gemini-v1\",\"index\":0}]"));
    }

    private static JsonNode text(String text) {
        return ReportedFault.json("\"" + text + "\"");
    }

    private static void foreignThinkingStaysBehind(ReportedFaultRun run) {
        run.success();
        ObjectNode expected = run.fault().body().deepCopy();
        expected.put("model", "claude-sonnet-4-5");
        ArrayNode content = (ArrayNode) expected.at("/messages/1/content");
        content.remove(0);
        content.remove(0);
        assertThat(run.request().bodyText()).isEqualTo(expected.toString());
    }

    private static void assertCallInput(ReportedFaultRun run, String input) {
        run.success();
        assertThat(run.asked().at("/messages/1/content/0/input")).isEqualTo(ReportedFault.json(input));
    }

    private static void cutArgumentsAreAnObject(ReportedFaultRun run) {
        assertCallInput(run, "{\"_raw\":\"{\\\"a\\\":\\\"x\"}");
        assertThat(run.answer().dropped()).contains("messages.tool_calls.function.arguments");
    }

    private static void limitIsRaised(ReportedFaultRun run) {
        run.success();
        assertThat(run.asked().path("max_output_tokens").asInt()).isEqualTo(16);
        assertThat(run.answer().dropped()).contains("max_tokens");
    }

    private static void forcedSearchIsTheHostedTool(ReportedFaultRun run) {
        run.success();
        assertThat(run.asked().path("tool_choice")).isEqualTo(ReportedFault.json("{\"type\":\"web_search\"}"));
        assertThat(run.asked().at("/tools/0/type").asText()).isEqualTo("web_search");
    }

    private static void cacheMarkIsOnTheBlock(ReportedFaultRun run) {
        run.success();
        JsonNode result = run.asked().at("/messages/2/content/0");
        assertThat(result.at("/cache_control/type").asText()).isEqualTo("ephemeral");
        assertThat(result.path("content").toString()).doesNotContain("cache_control");
    }

    private static void noBlankText(ReportedFaultRun run) {
        run.success();
        run.asked().findValues("text").forEach(text -> assertThat(text.asText()).isNotBlank());
        assertThat(run.asked().at("/messages/1/content/0/type").asText()).isEqualTo("tool_use");
    }

    private static void schemaIsOneOfClaude(ReportedFaultRun run) {
        run.success();
        JsonNode schema = run.asked().at("/output_config/format/schema");
        assertThat(schema.at("/properties/n").has("minimum")).isFalse();
        assertThat(schema.at("/properties/n/description").asText()).contains("minimum: 0");
        assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
    }

    private static void noEffortForPlainModels(ReportedFaultRun run) {
        run.success();
        assertThat(run.asked().has("reasoning_effort")).isFalse();
        assertThat(run.asked().path("model").asText()).isEqualTo("gpt-4.1");
        assertThat(run.answer().dropped()).contains("thinking");
    }

    private static void toolsGoToResponses(ReportedFaultRun run) {
        run.success();
        assertThat(run.request().requestLine()).isEqualTo("POST /v1/responses HTTP/1.1");
        assertThat(run.asked().at("/reasoning/effort").asText()).isEqualTo("high");
    }

    private static void longAnswerIsWhole(ReportedFaultRun run) {
        assertThat(run.success().json().at("/content/0/text").asText()).hasSize(ReportedFault.GENERATED_LENGTH);
    }

    private static void citationBeforeItsTextIsKept(ReportedFaultRun run) {
        List<JsonNode> events = run.success().events();
        assertThat(events)
                .filteredOn(event -> event.path("type").asText().equals("response.output_text.annotation.added"))
                .hasSize(1);
        JsonNode last = events.get(events.size() - 1);
        assertThat(last.at("/response/output/0/content/0/annotations/0/url").asText())
                .isEqualTo("http://x.example");
    }

    private static void streamUnderAnotherLabel(ReportedFaultRun run) {
        assertThat(run.success().body()).contains("\"text\":\"a\"", "\"stop_reason\":\"end_turn\"", "message_stop");
    }

    private static void assertRefused(ReportedFaultRun run, int status, String words) {
        assertThat(run.answer().status()).as(run.answer().body()).isEqualTo(status);
        assertThat(run.answer().json().at("/error/message").asText()).contains(words);
    }

    private static void doneIsTheEnd(ReportedFaultRun run) {
        assertThat(run.success().body()).contains("\"text\":\"hello\"", "\"stop_reason\":\"end_turn\"", "message_stop");
    }

    private static void forcedToolWithoutThought(ReportedFaultRun run) {
        run.success();
        assertThat(run.asked().at("/tool_choice/type").asText()).isEqualTo("any");
        assertThat(run.asked().has("thinking")).isFalse();
        assertThat(run.asked().has("output_config")).isFalse();
        assertThat(run.answer().dropped()).isEqualTo("reasoning_effort");
    }

    private static void failedStreamEndsInOrder(ReportedFaultRun run) {
        List<JsonNode> events = run.success().events();
        JsonNode last = events.get(events.size() - 1);
        assertThat(last.path("type").asText()).isEqualTo("response.failed");
        assertThat(last.at("/response/error/message").asText()).isEqualTo("boom");
        assertThat(run.answer().end()).isEqualTo(ResponseEnd.CLEAN);
    }

    private static void listMembersAreNumbered(ReportedFaultRun run) {
        List<JsonNode> blocks = run.success().events().stream()
                .map(event -> event.at("/choices/0/delta/thinking_blocks"))
                .filter(JsonNode::isArray)
                .flatMap(list -> StreamSupport.stream(list.spliterator(), false))
                .toList();
        assertThat(blocks).extracting(block -> block.path("index").asInt(-1)).containsExactly(0, 1);
    }

    private static void alternativesAreFolded(ReportedFaultRun run) {
        run.success();
        JsonNode schema = run.asked().at("/tools/0/input_schema");
        assertThat(schema.path("type").asText()).isEqualTo("object");
        assertThat(schema.has("anyOf")).isFalse();
        assertThat(schema.at("/properties/content/type").asText()).isEqualTo("string");
        assertThat(schema.at("/properties/source_url/type").asText()).isEqualTo("string");
        assertThat(schema.path("required")).isEmpty();
    }

    private static void inputPassesTheTypes(ReportedFaultRun run) {
        run.success();
        JsonNode input = run.asked().path("input");
        assertThat(input.at("/0/content/0/detail").asText()).isEqualTo("auto");
        assertThat(input.at("/1/role").asText()).isEqualTo("assistant");
        assertThat(input.at("/1/content").asText()).isEqualTo("Hi!");
    }

    private static void assertModel(ReportedFaultRun run, String model) {
        run.success();
        assertThat(run.asked().path("model").asText()).isEqualTo(model);
    }

    private static void limitIsTheModels(ReportedFaultRun run) {
        run.success();
        assertThat(run.asked().path("max_completion_tokens").asInt()).isEqualTo(16_384);
        assertThat(run.answer().dropped()).contains("max_tokens");
    }

    private static void reasoningIsShown(ReportedFaultRun run) {
        run.success();
        assertThat(run.asked().path("thinking"))
                .isEqualTo(ReportedFault.json("{\"type\":\"adaptive\",\"display\":\"summarized\"}"));
    }

    private static void threadIsRefused(ReportedFaultRun run) {
        assertThat(run.answer().status()).as(run.answer().body()).isEqualTo(400);
        JsonNode error = run.answer().json().path("error");
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("message").asText()).startsWith("'thread'");
        assertThat(error.path("details"))
                .isEqualTo(ReportedFault.json(
                        "{\"error_code\":\"thread_unsupported_request\",\"unsupported\":[\"thread\"]}"));
        assertThat(run.requests()).isEmpty();
    }

    private static void displayIsMapped(ReportedFaultRun run) {
        run.success();
        assertThat(run.asked().at("/reasoning/summary").asText("auto")).isEqualTo("auto");
    }

    private static void systemTextIsInput(ReportedFaultRun run) {
        run.success();
        assertThat(run.asked().has("instructions")).isFalse();
        assertThat(run.asked().path("input").toString()).contains("Answer in JSON.", "city");
    }

    private static void filesAreTheClientsOwn(ReportedFaultRun run) {
        run.success();
        assertThat(run.request().header("Authorization")).isEqualTo("Bearer sk-client-OPENAI-1");
    }

    private static void answerEndsAtTheStop(ReportedFaultRun run) {
        JsonNode choice = run.success().json().at("/choices/0");
        assertThat(choice.at("/message/content").asText()).isEqualTo("Thought: x\n");
        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(run.asked().has("stop")).isFalse();
    }

    private static void exactRowComesFirst(ReportedFaultRun run) {
        run.success();
        assertThat(run.request().header("Authorization")).isEqualTo("Bearer sk-gateway-openai");
    }
}
