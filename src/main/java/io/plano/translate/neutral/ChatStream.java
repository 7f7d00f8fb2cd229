package io.plano.translate.neutral;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;

/**
 * Takes an answer as it comes, one call an event. Decoders of streams and of whole documents push into it, encoders
 * implement it.
 *
 * <h2>Order</h2>
 *
 * {@link #started} once, first; then content; then {@link #finished} and {@link #usage} in any order, each at most once more
 * than needed (the last one counts); then {@link #ended} or {@link #failed}, exactly one of them, exactly once, and nothing
 * after it. {@code failed} may come at any point, also as the only call. A decoder calls {@code ended} only if its
 * format's own last word came, or the transport ended cleanly behind a finish reason.
 *
 * <h2>Content</h2>
 *
 * Text, refusal and reasoning come in pieces, never empty ones. Pieces of one kind that follow each other belong together
 * unless {@link #blockEnded} stands between them. Tool calls are numbered from 0 in the order in which they start; several
 * may be open at once, and {@link #toolCallEnded} closes one. The arguments of a call, all pieces together, are a JSON object
 * (or the free text of a custom tool); a call without pieces has no arguments.
 *
 * <p>One thread at a time.
 */
public interface ChatStream {
    void started(AnswerStart start);

    void textDelta(String text);

    void refusalDelta(String text);

    /** Visible reasoning, or its summary. */
    void reasoningDelta(String text);

    /**
     * The proof of the reasoning block that is open, which it ends; without an open one, the proof of a block that shows
     * nothing.
     */
    void reasoningSigned(Signature signature);

    /** A reasoning block that is encrypted as a whole. */
    void reasoningRedacted(Signature data);

    /** The text or reasoning block that is open is complete. Nothing if none is. */
    void blockEnded();

    /**
     * A tool call begins; its id and name are known.
     *
     * @param index its number, counted over the tool calls of the answer
     */
    void toolCallStarted(int index, String id, String name, ToolKind kind);

    void toolArgumentsDelta(int index, String arguments);

    void toolCallEnded(int index);

    /** A source for text that came; for the open block if it says no position. */
    void cited(Citation citation);

    /**
     * The log probabilities of the tokens of the last text.
     *
     * @param tokens the array that Chat Completions calls {@code logprobs.content}
     */
    void logprobs(JsonNode tokens);

    /** A block that only its own format knows, complete: encoders of other formats leave it out. */
    void nativeBlock(WireFormat source, JsonNode block);

    /** The provider is alive and has nothing to say. */
    void ping();

    void finished(Finish finish);

    /** All that is known so far; it replaces what was known before. */
    void usage(Usage usage);

    /** The answer is complete. */
    void ended();

    /** The answer will never be complete. */
    void failed(UpstreamError error);
}
