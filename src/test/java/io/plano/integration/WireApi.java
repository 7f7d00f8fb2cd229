package io.plano.integration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.SseEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The three formats of chats, each with a small conversation: what a client asks, what a provider answers. */
enum WireApi {
    CHAT("/v1/chat/completions", "chat", "Authorization") {
        @Override
        String ask(String model, String rest) {
            return """
                    {"model":"%s",%s"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Größe?"}]}""".formatted(model, rest);
        }

        @Override
        String whole() {
            return """
                    {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"up-1","choices":[{"index":0,\
                    "message":{"role":"assistant","content":"Fünf 😀.","refusal":null},"finish_reason":"stop"}],\
                    "usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}""";
        }

        @Override
        List<String> events() {
            String head = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                    + "\"model\":\"up-1\",";
            return List.of(
                    head + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
                            + "\"finish_reason\":null}]}\n\n",
                    head + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Fünf \"},\"finish_reason\":null}]}\n\n",
                    head + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"😀.\"},\"finish_reason\":null}]}\n\n",
                    head + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
                    head + "\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":5,"
                            + "\"total_tokens\":17}}\n\n",
                    "data: [DONE]\n\n");
        }

        @Override
        String error(String message) {
            return "{\"error\":{\"message\":\"" + message
                    + "\",\"type\":\"invalid_request_error\",\"param\":\"temperature\",\"code\":\"bad_value\"}}";
        }

        @Override
        String textOf(JsonNode answer) {
            return answer.at("/choices/0/message/content").asText();
        }

        @Override
        String textOf(SseEvent event) {
            return event.data().startsWith("{")
                    ? json(event.data()).at("/choices/0/delta/content").asText("")
                    : "";
        }

        @Override
        boolean isLast(SseEvent event) {
            return event.data().equals("[DONE]");
        }

        @Override
        String errorMessage(JsonNode error) {
            return error.at("/error/message").asText();
        }
    },

    RESPONSES("/v1/responses", "responses", "Authorization") {
        @Override
        String ask(String model, String rest) {
            return """
                    {"model":"%s",%s"instructions":"Be brief.","input":"Größe?"}""".formatted(model, rest);
        }

        @Override
        String whole() {
            return response("completed", "[" + item() + "]");
        }

        private String item() {
            return "{\"id\":\"msg_1\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\","
                    + "\"content\":[{\"type\":\"output_text\",\"text\":\"Fünf 😀.\",\"annotations\":[]}]}";
        }

        private String response(String status, String output) {
            return "{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1700000000,\"status\":\"" + status
                    + "\",\"model\":\"up-1\",\"output\":" + output
                    + ",\"usage\":{\"input_tokens\":12,\"input_tokens_details\":{\"cached_tokens\":0},"
                    + "\"output_tokens\":5,\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":17}}";
        }

        @Override
        List<String> events() {
            String part = "\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,";
            List<String> data = List.of(
                    "{\"type\":\"response.created\",\"response\":" + response("in_progress", "[]"),
                    "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"id\":\"msg_1\","
                            + "\"type\":\"message\",\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}",
                    "{\"type\":\"response.content_part.added\"," + part
                            + "\"part\":{\"type\":\"output_text\",\"text\":\"\",\"annotations\":[]}",
                    "{\"type\":\"response.output_text.delta\"," + part + "\"delta\":\"Fünf \",\"logprobs\":[]",
                    "{\"type\":\"response.output_text.delta\"," + part + "\"delta\":\"😀.\",\"logprobs\":[]",
                    "{\"type\":\"response.output_text.done\"," + part + "\"text\":\"Fünf 😀.\",\"logprobs\":[]",
                    "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":" + item(),
                    "{\"type\":\"response.completed\",\"response\":" + response("completed", "[" + item() + "]"));
            List<String> events = new ArrayList<>();
            for (String event : data) {
                String type = json(event + "}").path("type").asText();
                events.add("event: " + type + "\ndata: " + event + ",\"sequence_number\":" + events.size() + "}\n\n");
            }
            return events;
        }

        @Override
        String error(String message) {
            return CHAT.error(message);
        }

        @Override
        String textOf(JsonNode answer) {
            StringBuilder text = new StringBuilder();
            for (JsonNode item : answer.path("output")) {
                item.path("content")
                        .forEach(part -> text.append(part.path("text").asText()));
            }
            return text.toString();
        }

        @Override
        String textOf(SseEvent event) {
            return "response.output_text.delta".equals(event.type())
                    ? json(event.data()).path("delta").asText()
                    : "";
        }

        @Override
        boolean isLast(SseEvent event) {
            return "response.completed".equals(event.type());
        }

        @Override
        String errorMessage(JsonNode error) {
            return error.has("response")
                    ? error.at("/response/error/message").asText()
                    : error.has("error")
                            ? error.at("/error/message").asText()
                            : error.path("message").asText();
        }
    },

    MESSAGES("/v1/messages", "messages", "x-api-key") {
        @Override
        String ask(String model, String rest) {
            return """
                    {"model":"%s",%s"max_tokens":100,"system":"Be brief.","messages":[{"role":"user","content":"Größe?"}]}""".formatted(model, rest);
        }

        @Override
        String whole() {
            return """
                    {"id":"msg_1","type":"message","role":"assistant","model":"up-1","content":[{"type":"text",\
                    "text":"Fünf 😀."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":12,\
                    "output_tokens":5}}""";
        }

        @Override
        List<String> events() {
            return List.of(
                    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\","
                            + "\"type\":\"message\",\"role\":\"assistant\",\"model\":\"up-1\",\"content\":[],"
                            + "\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":12,"
                            + "\"output_tokens\":1}}}\n\n",
                    "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
                            + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
                    "event: ping\ndata: {\"type\":\"ping\"}\n\n",
                    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                            + "\"delta\":{\"type\":\"text_delta\",\"text\":\"Fünf \"}}\n\n",
                    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                            + "\"delta\":{\"type\":\"text_delta\",\"text\":\"😀.\"}}\n\n",
                    "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
                    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\","
                            + "\"stop_sequence\":null},\"usage\":{\"output_tokens\":5}}\n\n",
                    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
        }

        @Override
        String error(String message) {
            return "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"" + message
                    + "\"},\"request_id\":\"req_up\"}";
        }

        @Override
        String textOf(JsonNode answer) {
            StringBuilder text = new StringBuilder();
            answer.path("content")
                    .forEach(block -> text.append(block.path("text").asText()));
            return text.toString();
        }

        @Override
        String textOf(SseEvent event) {
            return "content_block_delta".equals(event.type())
                    ? json(event.data()).at("/delta/text").asText("")
                    : "";
        }

        @Override
        boolean isLast(SseEvent event) {
            return "message_stop".equals(event.type());
        }

        @Override
        String errorMessage(JsonNode error) {
            return error.at("/error/message").asText();
        }
    };

    static final String TEXT = "Fünf 😀.";

    private static final ObjectMapper JSON = new ObjectMapper();

    final String path;
    final String configName;
    final String slot;

    WireApi(String path, String configName, String slot) {
        this.path = path;
        this.configName = configName;
        this.slot = slot;
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException malformed) {
            throw new UncheckedIOException(text, malformed);
        }
    }

    /** A request for that model; {@code rest} are members, each with a comma behind it. */
    abstract String ask(String model, String rest);

    String ask(String model) {
        return ask(model, "");
    }

    String askForStream(String model) {
        return ask(model, "\"stream\":true,");
    }

    /** The header line by which a client of this API shows its key. */
    String key(String key) {
        return slot.equals("Authorization") ? "Authorization: Bearer " + key : slot + ": " + key;
    }

    /** The value in which a provider of this API expects a key. */
    String slotValue(String key) {
        return slot.equals("Authorization") ? "Bearer " + key : key;
    }

    abstract String whole();

    abstract List<String> events();

    Reply stream() {
        return Reply.sse(events().toArray(String[]::new));
    }

    /** A provider's answer, whole or streamed as it was asked for. */
    Reply reply(String body) {
        return json(body).path("stream").asBoolean() ? stream() : Reply.json(200, whole());
    }

    abstract String error(String message);

    abstract String textOf(JsonNode answer);

    abstract String textOf(SseEvent event);

    abstract boolean isLast(SseEvent event);

    abstract String errorMessage(JsonNode error);

    /** The text of a stream, which must end in this API's own way. */
    String readStream(RawResponse response) {
        StringBuilder text = new StringBuilder();
        Optional<SseEvent> event = response.readEvent();
        SseEvent last = null;
        while (event.isPresent()) {
            last = event.get();
            text.append(textOf(last));
            event = response.readEvent();
        }
        if (last == null || !isLast(last)) {
            throw new AssertionError("the stream ended with " + last + " after " + text);
        }
        return text.toString();
    }
}
