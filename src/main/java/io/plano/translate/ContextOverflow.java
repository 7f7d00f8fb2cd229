package io.plano.translate;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Recognises the error that a conversation is longer than the model's context, in whatever words: agents shorten it when they
 * are told so in the words of their own API, and give up on any others. The phrases are those of OpenAI and vLLM, OpenRouter,
 * DeepSeek, Anthropic, xAI, Mistral, Groq, llama.cpp, LM Studio, Bedrock, Gemini, Qwen, Cohere and Together. Stateless.
 */
final class ContextOverflow {
    /** OpenAI's code for it, the neutral one. */
    static final String CODE = "context_length_exceeded";

    private static final Pattern WORDS = Pattern.compile("maximum context length"
            + "|maximum model length"
            + "|max(imum)? prompt length"
            + "|context (length|size|window|limit).{0,40}(exceed|overflow|too (long|large))"
            + "|(exceed|overflow|larger|longer|greater|too long).{0,60}context (length|size|window|limit)"
            + "|context the overflows"
            + "|available context size"
            + "|prompt (is )?too long"
            + "|input is too long"
            + "|input token count .{0,40}exceeds"
            + "|exceeds the maximum number of tokens"
            + "|range of input length should be"
            + "|too large for model with .{0,20}context"
            + "|reduce the length of (the messages|your prompt|the input|the prompt)"
            + "|too many tokens: "
            + "|tokens? \\+ .?max_(new_)?tokens.? must be <=");

    private ContextOverflow() {}

    /**
     * Whether an error says so.
     *
     * @param status limits on requests per minute come with 429, in words that are much alike
     */
    static boolean isToldBy(int status, String message) {
        boolean possible = status == 400 || status == 413 || status == 422 || status == 500 || status == 502;
        return possible && WORDS.matcher(message.toLowerCase(Locale.ROOT)).find();
    }
}
