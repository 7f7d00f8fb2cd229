package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.ChatQuirks;
import io.plano.translate.anthropic.MessagesCodec;
import io.plano.translate.openai.ChatCodec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What coding agents do with tools that only their own API knows. */
class AgentToolsTest {
    private static final UpstreamModel GPT = new UpstreamModel("gpt-5.4", ChatQuirks.OPENAI);

    /** Claude Code's {@code ToolSearch} answers with nothing but references. */
    @Test
    void leavesATextWhereNothingOfAResultCanBeCarried() {
        EncodedRequest chat = new ChatCodec()
                .encodeRequest(new MessagesCodec().decodeRequest("""
                {"model":"claude","max_tokens":64,"tools":[{"name":"ToolSearch","input_schema":{"type":"object"}}],"messages":[
                {"role":"user","content":"Hello"},
                {"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"ToolSearch","input":{}}]},
                {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1",
                "content":[{"type":"tool_reference","tool_name":"WebFetch"}]}]}]}
                """.getBytes(StandardCharsets.UTF_8)), GPT);
        assertThat(new String(chat.body(), StandardCharsets.UTF_8))
                .contains("{\"role\":\"tool\",\"tool_call_id\":\"toolu_1\",\"content\":\"\"}");
        assertThat(chat.dropped()).isNotEmpty();
    }
}
