package io.plano.clients;

import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;

/**
 * Answers as OpenAI and Anthropic do, so far as client libraries look: {@code Hello there!} to every question, in two
 * pieces where a stream is wanted.
 */
final class ScriptedProvider {
    static final String ANSWER = "Hello there!";

    private static final String RESPONSE = """
            {"id":"resp_1","object":"response","created_at":1,"model":"gpt-4o","status":"%s","output":[%s],\
            "parallel_tool_calls":true,"tool_choice":"auto","tools":[],"error":null,"incomplete_details":null,\
            "instructions":null,"metadata":{},"temperature":1.0,"top_p":1.0}""";
    private static final String RESPONSE_OUTPUT = """
            {"id":"msg_1","type":"message","status":"completed","role":"assistant",\
            "content":[{"type":"output_text","text":"Hello there!","annotations":[]}]}""";

    private ScriptedProvider() {}

    static Reply answer(UpstreamRequest request) {
        boolean stream = request.bodyText().replace(" ", "").contains("\"stream\":true");
        return switch (request.target().replaceFirst("\\?.*", "")) {
            case "/v1/chat/completions" -> stream ? chatStream() : chat();
            case "/v1/responses" -> stream ? responseStream() : response();
            case "/v1/embeddings" -> embeddings();
            case "/v1/messages" -> stream ? messageStream() : message();
            case "/v1/messages/count_tokens" -> Reply.json(200, "{\"input_tokens\":7}");
            default -> Reply.json(404, "{\"error\":{\"message\":\"no such path\",\"type\":\"invalid_request_error\"}}");
        };
    }

    static Reply tooManyRequests(String body) {
        return Reply.script()
                .head(429, "Content-Type: application/json", "Retry-After: 17", "Content-Length: " + body.length())
                .bytes(body);
    }

    private static Reply chat() {
        return Reply.json(200, """
                {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,\
                "message":{"role":"assistant","content":"Hello there!","refusal":null},"logprobs":null,\
                "finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""");
    }

    private static Reply chatStream() {
        return Reply.sse(
                chatChunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"),
                chatChunk("{\"content\":\"Hello\"}", "null"),
                chatChunk("{\"content\":\" there!\"}", "null"),
                chatChunk("{}", "\"stop\""),
                "data: [DONE]\n\n");
    }

    private static String chatChunk(String delta, String finish) {
        return """
                data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o",\
                "choices":[{"index":0,"delta":%s,"finish_reason":%s}]}

                """.formatted(delta, finish);
    }

    private static Reply response() {
        return Reply.json(200, RESPONSE.formatted("completed", RESPONSE_OUTPUT));
    }

    private static Reply responseStream() {
        return Reply.sse(
                event(
                        "response.created",
                        "\"sequence_number\":0,\"response\":" + RESPONSE.formatted("in_progress", "")),
                event("response.output_text.delta", textDelta(1, "Hello")),
                event("response.output_text.delta", textDelta(2, " there!")),
                event(
                        "response.completed",
                        "\"sequence_number\":3,\"response\":" + RESPONSE.formatted("completed", RESPONSE_OUTPUT)));
    }

    private static String textDelta(int number, String text) {
        return """
                "sequence_number":%d,"item_id":"msg_1","output_index":0,"content_index":0,"logprobs":[],\
                "delta":"%s\"""".formatted(number, text);
    }

    private static Reply embeddings() {
        return Reply.json(200, """
                {"object":"list","model":"text-embedding-3-small","data":[{"object":"embedding","index":0,\
                "embedding":[0.5,-0.25,1.0]}],"usage":{"prompt_tokens":1,"total_tokens":1}}""");
    }

    private static Reply message() {
        return Reply.json(200, """
                {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","stop_reason":"end_turn",\
                "stop_sequence":null,"content":[{"type":"text","text":"Hello there!"}],\
                "usage":{"input_tokens":1,"output_tokens":2}}""");
    }

    private static Reply messageStream() {
        return Reply.sse(
                event("message_start", """
                        "message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5",\
                        "stop_reason":null,"stop_sequence":null,"content":[],\
                        "usage":{"input_tokens":1,"output_tokens":1}}"""),
                event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
                event("content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}"),
                event("content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" there!\"}"),
                event("content_block_stop", "\"index\":0"),
                event("message_delta", """
                        "delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2}"""),
                "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
    }
}
