package io.plano.integration;

import java.util.ArrayList;
import java.util.List;

/** The two surfaces on which everything about credentials must hold, with what a minimal client sends there. */
enum CredentialedApi {
    CHAT("/v1/chat/completions", "Authorization"),
    MESSAGES("/v1/messages", "x-api-key");

    private final String path;
    private final String slot;

    CredentialedApi(String path, String slot) {
        this.path = path;
        this.slot = slot;
    }

    String path() {
        return path;
    }

    /** The header in which the providers of this surface, and its clients, have their credential. */
    String slot() {
        return slot;
    }

    /** The value of that header for a plain key. */
    String slotValue(String key) {
        return this == CHAT ? "Bearer " + key : key;
    }

    /** The value of that header, as a line. */
    String nativeLine(String key) {
        return slot + ": " + slotValue(key);
    }

    /** One way of asking: where, which vendor's provider, streaming or not. */
    record Call(CredentialedApi surface, String vendor, boolean streaming) {
        /** Both surfaces, streaming and not, with two vendors each. */
        static List<Call> all() {
            List<Call> calls = new ArrayList<>();
            for (boolean streaming : new boolean[] {false, true}) {
                calls.add(new Call(CHAT, "openai", streaming));
                calls.add(new Call(CHAT, "anthropic", streaming));
                calls.add(new Call(MESSAGES, "anthropic", streaming));
                calls.add(new Call(MESSAGES, "litellm", streaming));
            }
            return calls;
        }

        /** Those to Anthropic's own API. */
        static List<Call> anthropicMessages() {
            return all().stream()
                    .filter(call -> call.surface == MESSAGES && call.vendor.equals("anthropic"))
                    .toList();
        }

        String body(String model) {
            return "{\"model\":\"" + model + "\",\"max_tokens\":5,\"stream\":" + streaming
                    + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        }
    }
}
