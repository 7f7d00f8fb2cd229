package io.plano.demo;

import java.util.ArrayList;
import java.util.List;

/** {@code POST /v1/chat/completions} of OpenAI. */
final class StandInChat implements StandInDialect {
    @Override
    public String json(StandInCall call) {
        return """
                {"id":"chatcmpl-%s","object":"chat.completion","created":%d,"model":"%s","choices":[{"index":0,\
                "message":{"role":"assistant","content":"%s","refusal":null,"annotations":[]},"logprobs":null,\
                "finish_reason":"stop"}],"usage":%s,"service_tier":"default","system_fingerprint":null}""".formatted(call.id(), call.created(), call.model(), call.text(), usage(call));
    }

    @Override
    public List<StandInEvent> events(StandInCall call) {
        List<StandInEvent> events = new ArrayList<>();
        events.add(chunk(call, "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null", 0));
        for (String token : call.tokens()) {
            events.add(chunk(call, "{\"content\":\"" + token + "\"}", "null", 1));
        }
        events.add(chunk(call, "{}", "\"stop\"", 0));
        if (call.wantsUsage()) {
            events.add(StandInEvent.unnamed(head(call) + "\"choices\":[],\"usage\":" + usage(call) + "}", 0));
        }
        events.add(StandInEvent.unnamed("[DONE]", 0));
        return events;
    }

    private static StandInEvent chunk(StandInCall call, String delta, String finish, int tokens) {
        String choice = "\"choices\":[{\"index\":0,\"delta\":%s,\"logprobs\":null,\"finish_reason\":%s}]%s}"
                .formatted(delta, finish, call.wantsUsage() ? ",\"usage\":null" : "");
        return StandInEvent.unnamed(head(call) + choice, tokens);
    }

    private static String head(StandInCall call) {
        return """
                {"id":"chatcmpl-%s","object":"chat.completion.chunk","created":%d,"model":"%s",\
                "service_tier":"default","system_fingerprint":null,""".formatted(call.id(), call.created(), call.model());
    }

    private static String usage(StandInCall call) {
        return """
                {"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,\
                "prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},\
                "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,\
                "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""".formatted(call.inputTokens(), call.outputTokens(), call.inputTokens() + call.outputTokens());
    }
}
