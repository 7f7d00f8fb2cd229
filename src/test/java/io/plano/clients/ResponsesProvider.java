package io.plano.clients;

import static io.plano.clients.ProviderFormat.halves;
import static io.plano.clients.ProviderFormat.quoted;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OpenAI's Responses. */
final class ResponsesProvider implements ProviderFormat {
    private static final String USAGE = """
            {"input_tokens":4321,"input_tokens_details":{"cached_tokens":1234},"output_tokens":56,\
            "output_tokens_details":{"reasoning_tokens":0},"total_tokens":4377}""";

    private int number;

    @Override
    public List<String> images(JsonNode request) {
        return request.path("input").findValuesAsText("image_url");
    }

    @Override
    public List<String> toolResults(JsonNode request) {
        List<String> texts = new ArrayList<>();
        request.path("input")
                .forEach(call -> request.path("input").forEach(result -> {
                    if (call.has("arguments")
                            && result.has("output")
                            && call.path("call_id").equals(result.path("call_id"))) {
                        JsonNode output = result.path("output");
                        texts.add(
                                output.isTextual()
                                        ? output.asText()
                                        : output.path(0).path("text").asText());
                    }
                }));
        return texts;
    }

    @Override
    public boolean wantsForm(JsonNode request) {
        return request.path("text").path("format").path("type").asText().equals("json_schema");
    }

    @Override
    public String text(String text) {
        return response("completed", message("completed", text), USAGE);
    }

    @Override
    public String textStream(String text) {
        String at = ",\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0";
        StringBuilder events = new StringBuilder(start());
        events.append(
                event("response.output_item.added", ",\"output_index\":0,\"item\":" + message("in_progress", null)));
        events.append(event("response.content_part.added", at + ",\"part\":" + part("")));
        for (String half : halves(text)) {
            events.append(event("response.output_text.delta", at + ",\"logprobs\":[],\"delta\":" + quoted(half)));
        }
        events.append(event("response.output_text.done", at + ",\"logprobs\":[],\"text\":" + quoted(text)));
        events.append(event("response.content_part.done", at + ",\"part\":" + part(text)));
        events.append(event("response.output_item.done", ",\"output_index\":0,\"item\":" + message("completed", text)));
        return events.append(end(text(text))).toString();
    }

    @Override
    public String calls(String town) {
        return response("completed", call(1, "weather", arguments(town)) + "," + call(2, "clock", "{}"), USAGE);
    }

    @Override
    public String callStream(String town) {
        return start() + callEvents(0, "weather", arguments(town)) + callEvents(1, "clock", "{}") + end(calls(town));
    }

    private String callEvents(int index, String name, String arguments) {
        int id = index + 1;
        String at = ",\"item_id\":\"fc_%d\",\"output_index\":%d".formatted(id, index);
        StringBuilder events = new StringBuilder();
        events.append(event(
                "response.output_item.added", ",\"output_index\":%d,\"item\":%s".formatted(index, call(id, name, ""))));
        for (String half : halves(arguments)) {
            events.append(event("response.function_call_arguments.delta", at + ",\"delta\":" + quoted(half)));
        }
        events.append(event("response.function_call_arguments.done", at + ",\"arguments\":" + quoted(arguments)));
        events.append(event(
                "response.output_item.done",
                ",\"output_index\":%d,\"item\":%s".formatted(index, call(id, name, arguments))));
        return events.toString();
    }

    private static String arguments(String town) {
        return "{\"town\":" + quoted(town) + "}";
    }

    private static String call(int id, String name, String arguments) {
        return """
                {"id":"fc_%d","type":"function_call","status":"completed","call_id":"call_%d","name":"%s",\
                "arguments":%s}""".formatted(id, id, name, quoted(arguments));
    }

    private static String message(String status, @Nullable String text) {
        return """
                {"id":"msg_1","type":"message","status":"%s","role":"assistant","content":[%s]}\
                """.formatted(status, text == null ? "" : part(text));
    }

    private static String part(String text) {
        return "{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":" + quoted(text) + "}";
    }

    private String start() {
        String begun = ",\"response\":" + response("in_progress", "", "null");
        return event("response.created", begun) + event("response.in_progress", begun);
    }

    private String end(String response) {
        return event("response.completed", ",\"response\":" + response);
    }

    private String event(String type, String members) {
        return ProviderFormat.event(type, ",\"sequence_number\":" + number++ + members);
    }

    private static String response(String status, String output, String usage) {
        return """
                {"id":"resp_1","object":"response","created_at":1,"model":"gpt-4o","status":"%s","output":[%s],\
                "parallel_tool_calls":true,"tool_choice":"auto","tools":[],"error":null,"incomplete_details":null,\
                "instructions":null,"metadata":{},"temperature":1.0,"top_p":1.0,"usage":%s}\
                """.formatted(status, output, usage);
    }
}
