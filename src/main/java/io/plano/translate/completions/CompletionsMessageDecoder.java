package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Part.ToolResult.Status;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.Turn;
import io.plano.translate.neutral.Turn.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a request. Messages of tools that follow each other become one turn. What the model thought
 * earlier comes back in members that are not OpenAI's own: {@code reasoning_content} (DeepSeek, vLLM), {@code reasoning}
 * (OpenRouter), or {@code thinking_blocks} with their signatures (LiteLLM). One per request; one thread.
 */
final class CompletionsMessageDecoder {
    private static final String CACHE_CONTROL = "cache_control";

    private final LegacyFunctions legacy = new LegacyFunctions();
    private final List<Turn> turns = new ArrayList<>();
    private final List<Part> results = new ArrayList<>();

    List<Turn> decode(MemberReader request) {
        if (request.array("messages") == null) {
            throw MemberReader.invalid("messages", "is required");
        }
        for (MemberReader message : request.objects("messages")) {
            message(message);
        }
        endResults();
        return turns;
    }

    private void message(MemberReader message) {
        String role = message.requiredString("role");
        if (role.equals("tool") || role.equals("function")) {
            results.add(result(message, role));
            return;
        }
        endResults();
        switch (role) {
            case "system" -> turns.add(plain(message, Role.SYSTEM));
            case "developer" -> turns.add(plain(message, Role.DEVELOPER));
            case "user" -> turns.add(plain(message, Role.USER));
            case "assistant" -> turns.add(assistant(message));
            default ->
                throw MemberReader.invalid(
                        message.pathOf("role"),
                        "must be 'system', 'developer', 'user', 'assistant', 'tool' or 'function', not '" + role + "'");
        }
    }

    private void endResults() {
        if (!results.isEmpty()) {
            turns.add(new Turn(Role.USER, results));
            results.clear();
        }
    }

    private Part result(MemberReader message, String role) {
        String id = role.equals("tool")
                ? message.requiredString("tool_call_id")
                : legacy.result(message.requiredString("name"));
        List<Part> content = CompletionsContentDecoder.parts(message);
        return new Part.ToolResult(id, content, Status.UNKNOWN, new RemainingMembers(message).extras());
    }

    private static Turn plain(MemberReader message, Role role) {
        List<Part> parts = CompletionsContentDecoder.parts(message, markOfString(message));
        return new Turn(role, parts, new RemainingMembers(message).extras());
    }

    /** A cache marker of the message belongs to its text, if that is a string and cannot carry one. */
    private static Extras markOfString(MemberReader message) {
        JsonNode content = message.node().path("content");
        JsonNode mark = content.isTextual() && !content.textValue().isEmpty() ? message.any(CACHE_CONTROL) : null;
        return mark == null ? Extras.NONE : Extras.of(WireFormat.COMPLETIONS, Map.of(CACHE_CONTROL, mark));
    }

    private Turn assistant(MemberReader message) {
        List<Part> parts = new ArrayList<>(thoughts(message));
        parts.addAll(CompletionsContentDecoder.parts(message, markOfString(message)));
        String refusal = message.string("refusal");
        if (refusal != null && !refusal.isEmpty()) {
            parts.add(new Part.Refusal(refusal, Extras.NONE));
        }
        MemberReader functionCall = message.object("function_call");
        if (functionCall != null) {
            String name = functionCall.requiredString("name");
            String arguments = LenientMembers.arguments(functionCall.any("arguments"));
            Extras extras = new RemainingMembers(functionCall).extras();
            parts.add(new Part.ToolCall(legacy.call(name), name, ToolKind.FUNCTION, arguments, extras));
        }
        message.objects("tool_calls").forEach(call -> parts.add(call(call)));
        return new Turn(Role.ASSISTANT, parts, new RemainingMembers(message, "audio").extras());
    }

    private static Part call(MemberReader call) {
        String id = call.requiredString("id");
        String type = call.string("type");
        boolean custom = "custom".equals(type);
        String member = custom ? "custom" : "function";
        MemberReader tool = call.object(member);
        if (tool == null) {
            throw MemberReader.invalid(call.pathOf(member), "is required");
        }
        String name = tool.requiredString("name");
        String arguments = LenientMembers.arguments(tool.any(custom ? "input" : "arguments"));
        Extras extras = new RemainingMembers(call).and(member, tool).extras();
        return new Part.ToolCall(id, name, custom ? ToolKind.CUSTOM : ToolKind.FUNCTION, arguments, extras);
    }

    private static List<Part> thoughts(MemberReader message) {
        List<Part> thoughts = new ArrayList<>();
        for (MemberReader block : message.objects("thinking_blocks")) {
            Part thought = thought(block);
            if (thought != null) {
                thoughts.add(thought);
            }
        }
        String shown = firstText(message, "reasoning_content", "reasoning");
        if (thoughts.isEmpty() && !shown.isEmpty()) {
            thoughts.add(new Part.Thought(shown, null, Extras.NONE));
        }
        return thoughts;
    }

    private static @Nullable Part thought(MemberReader block) {
        switch (block.requiredString("type")) {
            case "thinking" -> {
                String text = CompletionsContentDecoder.thinking(block.any("thinking"));
                Signature signature = signature(block.string("signature"));
                return new Part.Thought(text, signature, new RemainingMembers(block).extras());
            }
            case "redacted_thinking" -> {
                Signature data = signature(block.string("data"));
                return data == null ? null : new Part.RedactedThought(data, new RemainingMembers(block).extras());
            }
            default -> {
                return null;
            }
        }
    }

    private static @Nullable Signature signature(@Nullable String text) {
        return text == null || text.isEmpty() ? null : Signature.unwrap(text, WireFormat.COMPLETIONS);
    }

    /** The first of the members that is a text; it stands for the others, which repeat it. */
    private static String firstText(MemberReader message, String... names) {
        String first = "";
        for (String name : names) {
            if (message.node().path(name).isTextual()) {
                String text = message.string(name);
                first = first.isEmpty() && text != null ? text : first;
            }
        }
        return first;
    }
}
