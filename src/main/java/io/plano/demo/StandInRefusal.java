package io.plano.demo;

import java.util.UUID;

/** What the stand-in provider does not answer, worded as OpenAI or Anthropic would. */
enum StandInRefusal {
    UNAUTHENTICATED(401, "No credential arrived at the stand-in provider.", "invalid_api_key", "authentication_error"),
    NOT_FOUND(404, "The stand-in provider has nothing at this path.", "unknown_url", "not_found_error");

    private final int status;
    private final String message;
    private final String openAiCode;
    private final String anthropicType;

    StandInRefusal(int status, String message, String openAiCode, String anthropicType) {
        this.status = status;
        this.message = message;
        this.openAiCode = openAiCode;
        this.anthropicType = anthropicType;
    }

    int status() {
        return status;
    }

    String openAi() {
        return """
                {"error":{"message":"%s","type":"invalid_request_error","param":null,"code":"%s"}}""".formatted(message, openAiCode);
    }

    String anthropic() {
        return """
                {"type":"error","error":{"type":"%s","message":"%s"},"request_id":"req_%s"}""".formatted(anthropicType, message, UUID.randomUUID());
    }
}
