package io.plano.clients;

import static io.plano.clients.ProviderFormat.event;
import static io.plano.clients.ProviderFormat.halves;
import static io.plano.clients.ProviderFormat.quoted;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Anthropic's Messages. */
final class MessagesProvider implements ProviderFormat {
    private static final String USAGE = """
            {"input_tokens":3087,"cache_creation_input_tokens":0,"cache_read_input_tokens":1234,"output_tokens":56}""";

    @Override
    public List<String> images(JsonNode request) {
        List<String> urls = new ArrayList<>();
        request.path("messages")
                .findValues("source")
                .forEach(source -> urls.add("data:%s;base64,%s"
                        .formatted(
                                source.path("media_type").asText(),
                                source.path("data").asText())));
        return urls;
    }

    @Override
    public List<String> toolResults(JsonNode request) {
        List<String> texts = new ArrayList<>();
        blocks(request, "tool_use")
                .forEach(call -> blocks(request, "tool_result").stream()
                        .filter(result -> result.path("tool_use_id").equals(call.path("id")))
                        .map(result -> result.path("content"))
                        .forEach(content -> texts.add(
                                content.isTextual()
                                        ? content.asText()
                                        : content.path(0).path("text").asText())));
        return texts;
    }

    private static List<JsonNode> blocks(JsonNode request, String type) {
        List<JsonNode> blocks = new ArrayList<>();
        request.path("messages")
                .forEach(message -> message.path("content").forEach(block -> {
                    if (block.path("type").asText().equals(type)) {
                        blocks.add(block);
                    }
                }));
        return blocks;
    }

    @Override
    public boolean wantsForm(JsonNode request) {
        return request.path("output_config")
                .path("format")
                .path("type")
                .asText()
                .equals("json_schema");
    }

    @Override
    public String text(String text) {
        return message("{\"type\":\"text\",\"text\":" + quoted(text) + "}", "\"end_turn\"");
    }

    @Override
    public String textStream(String text) {
        return start()
                + block(
                        0,
                        "{\"type\":\"text\",\"text\":\"\"}",
                        halves(text).stream()
                                .map(half -> "{\"type\":\"text_delta\",\"text\":" + quoted(half) + "}")
                                .toList())
                + end("end_turn");
    }

    @Override
    public String calls(String town) {
        return message(
                call("toolu_1", "weather", arguments(town)) + "," + call("toolu_2", "clock", "{}"), "\"tool_use\"");
    }

    @Override
    public String callStream(String town) {
        return start()
                + block(
                        0,
                        call("toolu_1", "weather", "{}"),
                        halves(arguments(town)).stream()
                                .map(MessagesProvider::json)
                                .toList())
                // A call without arguments is streamed as nothing at all.
                + block(1, call("toolu_2", "clock", "{}"), List.of(json("")))
                + end("tool_use");
    }

    private static String arguments(String town) {
        return "{\"town\":" + quoted(town) + "}";
    }

    private static String call(String id, String name, String input) {
        return "{\"type\":\"tool_use\",\"id\":\"%s\",\"name\":\"%s\",\"input\":%s}".formatted(id, name, input);
    }

    private static String json(String piece) {
        return "{\"type\":\"input_json_delta\",\"partial_json\":" + quoted(piece) + "}";
    }

    private static String message(String content, String stop) {
        return """
                {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[%s],\
                "stop_reason":%s,"stop_sequence":null,"usage":%s}""".formatted(content, stop, USAGE);
    }

    private static String start() {
        return event("message_start", ",\"message\":" + message("", "null")) + event("ping", "");
    }

    private static String block(int index, String start, List<String> deltas) {
        StringBuilder events = new StringBuilder();
        String at = ",\"index\":" + index;
        events.append(event("content_block_start", at + ",\"content_block\":" + start));
        deltas.forEach(delta -> events.append(event("content_block_delta", at + ",\"delta\":" + delta)));
        return events.append(event("content_block_stop", at)).toString();
    }

    private static String end(String stop) {
        return event("message_delta", """
                ,"delta":{"stop_reason":"%s","stop_sequence":null},"usage":%s""".formatted(stop, USAGE)) + event("message_stop", "");
    }
}
