package io.plano.demo;

import java.util.ArrayList;
import java.util.List;

/** {@code POST /v1/completions} of OpenAI, the legacy API. */
final class StandInCompletions implements StandInDialect {
    @Override
    public String json(StandInCall call) {
        return head(call) + choice(call.text(), "\"stop\"") + ",\"usage\":" + usage(call) + "}";
    }

    @Override
    public List<StandInEvent> events(StandInCall call) {
        List<StandInEvent> events = new ArrayList<>();
        for (String token : call.tokens()) {
            events.add(StandInEvent.unnamed(head(call) + choice(token, "null") + "}", 1));
        }
        events.add(StandInEvent.unnamed(head(call) + choice("", "\"stop\"") + "}", 0));
        if (call.wantsUsage()) {
            events.add(StandInEvent.unnamed(head(call) + "\"choices\":[],\"usage\":" + usage(call) + "}", 0));
        }
        events.add(StandInEvent.unnamed("[DONE]", 0));
        return events;
    }

    private static String head(StandInCall call) {
        return "{\"id\":\"cmpl-%s\",\"object\":\"text_completion\",\"created\":%d,\"model\":\"%s\","
                .formatted(call.id(), call.created(), call.model());
    }

    private static String choice(String text, String finish) {
        return "\"choices\":[{\"text\":\"%s\",\"index\":0,\"logprobs\":null,\"finish_reason\":%s}]"
                .formatted(text, finish);
    }

    private static String usage(StandInCall call) {
        return "{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}"
                .formatted(call.inputTokens(), call.outputTokens(), call.inputTokens() + call.outputTokens());
    }
}
