package io.plano.demo;

import java.util.ArrayList;
import java.util.List;

/** {@code POST /v1/messages} of Anthropic. */
final class StandInMessages implements StandInDialect {
    @Override
    public String json(StandInCall call) {
        String content = "{\"type\":\"text\",\"text\":\"" + call.text() + "\"}";
        return message(call, content, "\"end_turn\"", call.outputTokens());
    }

    @Override
    public List<StandInEvent> events(StandInCall call) {
        List<StandInEvent> events = new ArrayList<>();
        events.add(event("message_start", ",\"message\":" + message(call, "", "null", 1)));
        events.add(event("content_block_start", ",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"));
        events.add(event("ping", ""));
        for (String token : call.tokens()) {
            String delta = ",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + token + "\"}";
            events.add(StandInEvent.token("content_block_delta", data("content_block_delta", delta)));
        }
        events.add(event("content_block_stop", ",\"index\":0"));
        events.add(event(
                "message_delta",
                ",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":"
                        + usage(call, call.outputTokens())));
        events.add(event("message_stop", ""));
        return events;
    }

    private static StandInEvent event(String type, String fields) {
        return StandInEvent.named(type, data(type, fields));
    }

    private static String data(String type, String fields) {
        return "{\"type\":\"" + type + "\"" + fields + "}";
    }

    private static String message(StandInCall call, String content, String stopReason, int outputTokens) {
        return """
                {"model":"%s","id":"msg_%s","type":"message","role":"assistant","content":[%s],"stop_reason":%s,\
                "stop_sequence":null,"usage":%s}""".formatted(call.model(), call.id(), content, stopReason, usage(call, outputTokens));
    }

    private static String usage(StandInCall call, int outputTokens) {
        return """
                {"input_tokens":%d,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,\
                "output_tokens":%d,"service_tier":"standard"}""".formatted(call.inputTokens(), outputTokens);
    }
}
