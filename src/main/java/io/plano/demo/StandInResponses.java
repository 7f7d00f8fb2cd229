package io.plano.demo;

import java.util.ArrayList;
import java.util.List;

/** {@code POST /v1/responses} of OpenAI. */
final class StandInResponses implements StandInDialect {
    @Override
    public String json(StandInCall call) {
        return response(call, "completed", "[" + item(call, "completed", part(call.text())) + "]", usage(call));
    }

    @Override
    public List<StandInEvent> events(StandInCall call) {
        Script script = new Script();
        String begun = "\"response\":" + response(call, "in_progress", "[]", "null");
        script.add("response.created", begun);
        script.add("response.in_progress", begun);
        script.add("response.output_item.added", "\"output_index\":0,\"item\":" + item(call, "in_progress", ""));
        script.add("response.content_part.added", place(call) + ",\"part\":" + part(""));
        for (String token : call.tokens()) {
            script.addToken("response.output_text.delta", place(call) + ",\"delta\":\"" + token + "\",\"logprobs\":[]");
        }
        script.add("response.output_text.done", place(call) + ",\"text\":\"" + call.text() + "\",\"logprobs\":[]");
        script.add("response.content_part.done", place(call) + ",\"part\":" + part(call.text()));
        script.add(
                "response.output_item.done",
                "\"output_index\":0,\"item\":" + item(call, "completed", part(call.text())));
        script.add("response.completed", "\"response\":" + json(call));
        return script.events;
    }

    private static String place(StandInCall call) {
        return "\"item_id\":\"msg_" + call.id() + "\",\"output_index\":0,\"content_index\":0";
    }

    private static String part(String text) {
        return "{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":\"" + text + "\"}";
    }

    private static String item(StandInCall call, String status, String content) {
        return "{\"id\":\"msg_%s\",\"type\":\"message\",\"status\":\"%s\",\"content\":[%s],\"role\":\"assistant\"}"
                .formatted(call.id(), status, content);
    }

    private static String response(StandInCall call, String status, String output, String usage) {
        return """
                {"id":"resp_%s","object":"response","created_at":%d,"status":"%s","background":false,"error":null,\
                "incomplete_details":null,"instructions":null,"max_output_tokens":null,"max_tool_calls":null,\
                "model":"%s","output":%s,"parallel_tool_calls":true,"previous_response_id":null,\
                "reasoning":{"effort":null,"summary":null},"service_tier":"default","store":true,"temperature":1.0,\
                "text":{"format":{"type":"text"},"verbosity":"medium"},"tool_choice":"auto","tools":[],\
                "top_logprobs":0,"top_p":1.0,"truncation":"disabled","usage":%s,"user":null,"metadata":{}}""".formatted(call.id(), call.created(), status, call.model(), output, usage);
    }

    private static String usage(StandInCall call) {
        return """
                {"input_tokens":%d,"input_tokens_details":{"cached_tokens":0},"output_tokens":%d,\
                "output_tokens_details":{"reasoning_tokens":0},"total_tokens":%d}""".formatted(call.inputTokens(), call.outputTokens(), call.inputTokens() + call.outputTokens());
    }

    /** Numbers the events as the service does. */
    private static final class Script {
        private final List<StandInEvent> events = new ArrayList<>();

        void add(String type, String fields) {
            events.add(StandInEvent.named(type, data(type, fields)));
        }

        void addToken(String type, String fields) {
            events.add(StandInEvent.token(type, data(type, fields)));
        }

        private String data(String type, String fields) {
            return "{\"type\":\"%s\",\"sequence_number\":%d,%s}".formatted(type, events.size(), fields);
        }
    }
}
