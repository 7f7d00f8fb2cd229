package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.WireFormat;
import io.plano.testing.GoldenCase;
import io.plano.translate.neutral.ChatRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recorded request, written for providers of the other two formats: it asks the same, or is refused for a known reason. */
class GoldenRequestsAcrossFormatsTest {
    /** A refusal that is right: the member that it names, and why it cannot be left out. */
    private record Refusal(FailureKind kind, String member, String because) {}

    /** By case and the provider's format. */
    private static final Map<String, Refusal> REFUSALS = new LinkedHashMap<>();

    static {
        String runs = "Only Anthropic runs this tool, and the client cannot.";
        refused("anthropic-messages/anthropic-code-execution-tool-1of2", "tools.code_execution_20260120", runs);
        refused("anthropic-messages/anthropic-code-execution-tool-stream", "tools.code_execution_20260120", runs);
        refused("anthropic-messages/anthropic-web-fetch-tool-1of2", "tools.web_fetch_20250910", runs);
        refused("anthropic-messages/anthropic-mcp-servers-1of2", "mcp_servers", runs);
        refusedBy(
                WireFormat.COMPLETIONS,
                "anthropic-messages/anthropic-document-url-input",
                "messages.content.source.url",
                "Chat Completions takes files only as data.");
        refused("openai-chat/openai-multiple-choices", "n", "A client that wants two answers waits for both.");
        refusedBy(
                WireFormat.MESSAGES,
                "openai-chat/openai-chat-audio-to-text",
                "messages.content.input_audio",
                "The question is in the sound.");
        refusedBy(
                WireFormat.MESSAGES,
                "openai-responses/openai-instructions-with-responses-logprobs-streaming",
                "top_logprobs",
                "Anthropic has no log probabilities, and the client reads them.");
        refused(
                "openai-responses/openai-moderation-block-policy",
                "moderation",
                "The client relies on a filter that only OpenAI has.");
        for (WireFormat upstream : Codecs.others(WireFormat.MESSAGES)) {
            REFUSALS.put(
                    "anthropic-messages/anthropic-completion-tools-call-with-tool-result-stream > " + upstream,
                    new Refusal(
                            FailureKind.INVALID_REQUEST,
                            "messages.content.tool_use_id",
                            "The result belongs to a call that is not there, which Anthropic did not mind at that time."));
        }
    }

    private static void refused(String recorded, String member, String because) {
        for (WireFormat upstream : WireFormat.values()) {
            if (!recorded.startsWith(
                    upstream == WireFormat.MESSAGES ? "anthropic" : "openai-" + upstream.configName())) {
                refusedBy(upstream, recorded, member, because);
            }
        }
    }

    private static void refusedBy(WireFormat upstream, String recorded, String member, String because) {
        REFUSALS.put(recorded + " > " + upstream, new Refusal(FailureKind.UNSUPPORTED_FEATURE, member, because));
    }

    static Stream<GoldenCase> requests() {
        return Codecs.recordedChats();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void asksTheSameInEveryOtherFormat(GoldenCase recorded) {
        WireFormat client = Codecs.formatOf(recorded);
        ChatRequest request = Codecs.of(client).decodeRequest(recorded.read("request.json"));
        for (WireFormat upstream : Codecs.others(client)) {
            Refusal expected = REFUSALS.get(recorded + " > " + upstream);
            byte[] body = encode(request, upstream, expected);
            if (body != null) {
                assertThat(expected)
                        .as("%s for %s is not refused", recorded, upstream)
                        .isNull();
                StrictProvider.assertTakes(upstream, body);
                ChatRequest asked = Codecs.of(upstream).decodeRequest(body);
                assertThat(RequestGist.of(asked))
                        .as("%s for a provider of %s", recorded, upstream)
                        .isEqualTo(RequestGist.of(request).in(upstream));
                if (request.sampling().maxTokens() != null) { // Messages must have one all the same
                    long least = upstream == WireFormat.RESPONSES ? 16 : 0;
                    assertThat(asked.sampling().maxTokens())
                            .isEqualTo(Math.max(least, request.sampling().maxTokens()));
                }
            }
        }
    }

    private static byte @Nullable [] encode(ChatRequest request, WireFormat upstream, @Nullable Refusal expected) {
        try {
            byte[] body = Codecs.of(upstream)
                    .encodeRequest(request, Codecs.upstream(upstream))
                    .body();
            assertThat(Codecs.of(upstream)
                            .encodeRequest(request, Codecs.upstream(upstream))
                            .body())
                    .as("the same bytes every time")
                    .isEqualTo(body);
            return body;
        } catch (GatewayException e) {
            assertThat(expected).as("%s for %s", e.clientMessage(), upstream).isNotNull();
            assertThat(e.kind()).isEqualTo(expected.kind());
            assertThat(e.clientMessage()).contains("'" + expected.member() + "'");
            return null;
        }
    }

    @Test
    void knowsTheReasonOfEveryRefusalThatItExpects() {
        Set<String> possible = new HashSet<>();
        requests()
                .forEach(recorded -> Codecs.others(Codecs.formatOf(recorded))
                        .forEach(upstream -> possible.add(recorded + " > " + upstream)));
        List<String> expected = new ArrayList<>(REFUSALS.keySet());
        assertThat(possible).containsAll(expected);
        assertThat(REFUSALS.values())
                .allSatisfy(refusal -> assertThat(refusal.because()).endsWith("."));
    }
}
