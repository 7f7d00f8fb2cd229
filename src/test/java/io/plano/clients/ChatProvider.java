package io.plano.clients;

import static io.plano.clients.ProviderFormat.halves;
import static io.plano.clients.ProviderFormat.quoted;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** OpenAI's Chat Completions. */
final class ChatProvider implements ProviderFormat {
    private static final String USAGE = """
            "usage":{"prompt_tokens":4321,"completion_tokens":56,"total_tokens":4377,\
            "prompt_tokens_details":{"cached_tokens":1234},"completion_tokens_details":{"reasoning_tokens":0}}""";

    @Override
    public List<String> images(JsonNode request) {
        List<String> urls = new ArrayList<>();
        request.path("messages")
                .forEach(message -> message.path("content").forEach(part -> {
                    if (part.path("type").asText().equals("image_url")) {
                        urls.add(part.path("image_url").path("url").asText());
                    }
                }));
        return urls;
    }

    @Override
    public List<String> toolResults(JsonNode request) {
        List<String> texts = new ArrayList<>();
        request.findValues("tool_calls")
                .forEach(calls -> calls.forEach(call -> request.path("messages").forEach(message -> {
                    if (call.path("id").equals(message.path("tool_call_id"))) {
                        JsonNode content = message.path("content");
                        texts.add(
                                content.isTextual()
                                        ? content.asText()
                                        : content.path(0).path("text").asText());
                    }
                })));
        return texts;
    }

    @Override
    public boolean wantsForm(JsonNode request) {
        return request.path("response_format").path("type").asText().equals("json_schema");
    }

    @Override
    public String text(String text) {
        return whole("\"content\":" + quoted(text), "stop");
    }

    @Override
    public String textStream(String text) {
        return chunk("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null")
                + chunk("{\"content\":" + quoted(halves(text).get(0)) + "}", "null")
                + chunk("{\"content\":" + quoted(halves(text).get(1)) + "}", "null")
                + end("stop");
    }

    @Override
    public String calls(String town) {
        return whole("""
                "content":null,"tool_calls":[\
                {"id":"call_1","type":"function","function":{"name":"weather","arguments":%s}},\
                {"id":"call_2","type":"function","function":{"name":"clock","arguments":"{}"}}]""".formatted(quoted(arguments(town))), "tool_calls");
    }

    @Override
    public String callStream(String town) {
        List<String> arguments = halves(arguments(town));
        return chunk("{\"role\":\"assistant\",\"content\":null,\"refusal\":null}", "null")
                + call(0, "\"id\":\"call_1\",\"type\":\"function\",", "\"name\":\"weather\",", "")
                + call(0, "", "", arguments.get(0))
                + call(0, "", "", arguments.get(1))
                + call(1, "\"id\":\"call_2\",\"type\":\"function\",", "\"name\":\"clock\",", "")
                + call(1, "", "", "{}")
                + end("tool_calls");
    }

    private static String arguments(String town) {
        return "{\"town\":" + quoted(town) + "}";
    }

    private static String whole(String message, String finish) {
        return """
                {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,\
                "message":{"role":"assistant","refusal":null,%s},"logprobs":null,"finish_reason":"%s"}],%s}\
                """.formatted(message, finish, USAGE);
    }

    private static String call(int index, String head, String name, String arguments) {
        String function = "{" + name + "\"arguments\":" + quoted(arguments) + "}";
        return chunk("{\"tool_calls\":[{\"index\":" + index + "," + head + "\"function\":" + function + "}]}", "null");
    }

    private static String chunk(String delta, String finish) {
        return data("\"choices\":[{\"index\":0,\"delta\":%s,\"logprobs\":null,\"finish_reason\":%s}],\"usage\":null"
                .formatted(delta, finish));
    }

    private static String end(String finish) {
        return chunk("{}", "\"" + finish + "\"") + data("\"choices\":[]," + USAGE) + "data: [DONE]\n\n";
    }

    private static String data(String members) {
        return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o\","
                + members + "}\n\n";
    }
}
