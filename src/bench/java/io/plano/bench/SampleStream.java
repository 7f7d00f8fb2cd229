package io.plano.bench;

import java.nio.charset.StandardCharsets;

/**
 * A streamed answer as a provider writes it: what comes before the text, one event with a piece of it, which is repeated,
 * and what comes behind.
 */
public record SampleStream(byte[] head, byte[] delta, byte[] tail) {
    /** Who sends the stream. */
    public enum Api {
        CHAT,
        RESPONSES,
        MESSAGES
    }

    /** A stream whose pieces are that many characters long. */
    public static SampleStream of(Api api, int textLength) {
        String text = "Lorem ipsum dolor ".repeat(textLength / 18 + 1).substring(0, textLength);
        return switch (api) {
            case CHAT -> chat(text);
            case RESPONSES -> responses(text);
            case MESSAGES -> messages(text);
        };
    }

    private static SampleStream chat(String text) {
        return stream(
                chunk("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null"),
                chunk("{\"content\":\"" + text + "\"}", "null"),
                chunk("{}", "\"stop\"") + "data: [DONE]\n\n");
    }

    private static String chunk(String delta, String finish) {
        return "data: {\"id\":\"chatcmpl-AbCdEfGhIjKlMnOpQrStUvWx\",\"object\":\"chat.completion.chunk\",\"created\":1754000000,"
                + "\"model\":\"gpt-5\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_0123456789\",\"choices\":[{\"index\":0,"
                + "\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":" + finish + "}],\"usage\":null}\n\n";
    }

    private static SampleStream responses(String text) {
        String created = event(
                "response.created",
                "\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1,\"status\":\"in_progress\","
                        + "\"model\":\"m\",\"output\":[]}");
        String item = event(
                "response.output_item.added",
                "\"output_index\":0,\"item\":{\"id\":\"msg_1\",\"type\":\"message\",\"status\":\"in_progress\","
                        + "\"content\":[],\"role\":\"assistant\"}");
        String part = event(
                "response.content_part.added",
                "\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,"
                        + "\"part\":{\"type\":\"output_text\",\"annotations\":[],\"text\":\"\"}");
        return stream(
                created + item + part,
                event(
                        "response.output_text.delta",
                        "\"sequence_number\":77,\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\""
                                + text + "\",\"logprobs\":[],\"obfuscation\":\"Ab3dE\""),
                event(
                        "response.completed",
                        "\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1,"
                                + "\"status\":\"completed\",\"model\":\"m\",\"output\":[]}"));
    }

    private static SampleStream messages(String text) {
        String start = event(
                "message_start",
                "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],"
                        + "\"stop_reason\":null,\"stop_sequence\":null,"
                        + "\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}");
        String block = event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
        return stream(
                start + block,
                event(
                        "content_block_delta",
                        "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}"),
                event("content_block_stop", "\"index\":0")
                        + event(
                                "message_delta",
                                "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                                        + "\"usage\":{\"output_tokens\":900}")
                        + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
    }

    private static SampleStream stream(String head, String delta, String tail) {
        return new SampleStream(bytes(head), bytes(delta), bytes(tail));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
