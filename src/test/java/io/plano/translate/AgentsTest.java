package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.CompletionsQuirks;
import io.plano.translate.completions.CompletionsCodec;
import io.plano.translate.messages.MessagesCodec;
import io.plano.translate.responses.ResponsesCodec;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What coding agents write into requests that only their own provider knows. */
class AgentsTest {
    private static final UpstreamModel GPT = new UpstreamModel("gpt-5.4", CompletionsQuirks.OPENAI);
    private static final String LINE =
            "x-anthropic-billing-header: cc_version=2.1.330.55b; cc_entrypoint=cli; cch=71fea;";

    /** Claude Code's {@code ToolSearch} answers with nothing but references. */
    @Test
    void leavesATextWhereNothingOfAResultCanBeCarried() {
        String request = """
                {"model":"claude","max_tokens":64,"tools":[{"name":"ToolSearch","input_schema":{"type":"object"}}],"messages":[
                {"role":"user","content":"Hello"},
                {"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"ToolSearch","input":{}}]},
                {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1",
                "content":[{"type":"tool_reference","tool_name":"WebFetch"}]}]}]}
                """;
        Translation chat = translation(request, new CompletionsCodec());
        assertThat(chat.dropped()).isNotEmpty();
        assertThat(body(chat).path("messages").path(2).path("content").textValue())
                .isEmpty();
        Translation responses = translation(request, new ResponsesCodec());
        assertThat(responses.dropped()).isNotEmpty();
        assertThat(body(responses).path("input").path(2).path("output").textValue())
                .isEmpty();
    }

    @Test
    void leavesOutTheLineThatWouldMakeEveryRequestBeginAnew() {
        Translation chat = translation(
                systemTexts(
                        "[{\"type\":\"text\",\"text\":\"" + LINE + "\"},{\"type\":\"text\",\"text\":\"Be brief.\"}]"),
                new CompletionsCodec());
        assertThat(chat.dropped()).containsExactly(BillingHeader.MEMBER);
        assertThat(body(chat).path("messages").path(0).path("content").textValue())
                .isEqualTo("Be brief.");
        Translation responses =
                translation(systemTexts("\"" + LINE + "\\n\\nBe brief.\\nBe kind.\""), new ResponsesCodec());
        assertThat(responses.dropped()).containsExactly(BillingHeader.MEMBER);
        assertThat(body(responses).path("instructions").textValue()).isEqualTo("Be brief.\nBe kind.");
    }

    @Test
    void leavesOutASystemTextThatIsThatLineAlone() {
        Translation chat = translation(systemTexts("\"" + LINE + "\""), new CompletionsCodec());
        assertThat(body(chat).path("messages").findValuesAsText("role")).containsExactly("user");
    }

    @Test
    void keepsATextThatOnlySpeaksOfThatLine() {
        Translation chat = translation(systemTexts("\"What is " + LINE + "?\""), new CompletionsCodec());
        assertThat(chat.dropped()).isEmpty();
        assertThat(body(chat).path("messages").path(0).path("content").textValue())
                .contains(LINE);
    }

    private static String systemTexts(String system) {
        return "{\"model\":\"claude\",\"max_tokens\":64,\"system\":" + system
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    }

    private static Translation translation(String request, ApiCodec upstream) {
        ApiCodec client = new MessagesCodec();
        return Translation.of(client, client.decodeRequest(request.getBytes(StandardCharsets.UTF_8)), upstream, GPT);
    }

    private static JsonNode body(Translation translation) {
        return Objects.requireNonNull(Json.read(translation.encoded().body()));
    }
}
