package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Json;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Loss;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Signature;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.Turn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads the content of messages: a string, or blocks. Blocks that no other API has become {@link Part.Native}: what providers
 * wrote themselves (their own tools' calls and results) may be left out elsewhere, what the user wrote may not. A search
 * result and a document made of blocks become their text, with the original among the extras. Stateless.
 */
final class MessagesContentDecoder {
    /** The extra that holds a whole search result behind its text. */
    static final String SEARCH_RESULT = "search_result";

    /** The extra that holds a document's source behind its text. */
    static final String SOURCE = "source";

    private MessagesContentDecoder() {}

    /** The parts of a message. */
    static List<Part> content(MemberReader message, Turn.Role role) {
        return parts(message, "content", (block, type) -> ofMessage(block, type, role));
    }

    /** The texts of {@code system}. */
    static List<Part> system(MemberReader document) {
        return parts(document, "system", (block, type) -> {
            if (!type.equals("text")) {
                throw MemberReader.invalid(block.pathOf("type"), "must be text");
            }
            return text(block);
        });
    }

    private static List<Part> parts(MemberReader object, String name, BiFunction<MemberReader, String, Part> reader) {
        JsonNode content = object.any(name);
        List<Part> parts = new ArrayList<>();
        if (content == null) {
            return parts;
        } else if (content.isTextual()) {
            if (!content.textValue().isEmpty()) {
                parts.add(new Part.Text(content.textValue()));
            }
        } else if (content instanceof ArrayNode) {
            for (MemberReader block : object.objects(name)) {
                parts.add(reader.apply(block, block.requiredString("type")));
            }
        } else {
            throw MemberReader.invalid(object.pathOf(name), "must be a string or an array of content blocks");
        }
        return parts;
    }

    private static Part ofMessage(MemberReader block, String type, Turn.Role role) {
        return switch (type) {
            case "tool_use" -> toolCall(block);
            case "tool_result" -> toolResult(block);
            case "thinking" -> thought(block);
            case "redacted_thinking" -> {
                Signature data = Signature.unwrap(block.requiredString("data"), WireFormat.MESSAGES);
                yield new Part.RedactedThought(data, rest(block));
            }
            default -> ofResult(block, type, role == Turn.Role.USER ? Loss.REFUSE : Loss.DROP);
        };
    }

    /** A block that may also stand in the result of a tool. */
    private static Part ofResult(MemberReader block, String type, Loss ofUnknown) {
        return switch (type) {
            case "text" -> text(block);
            case "image" -> image(block, ofUnknown);
            case "document" -> document(block, ofUnknown);
            case "search_result" -> searchResult(block);
            case "container_upload" -> new Part.Native(WireFormat.MESSAGES, block.node(), Loss.REFUSE);
            // A pointer to the definition of a deferred tool, which every other provider was sent anyway.
            case "tool_reference" -> new Part.Native(WireFormat.MESSAGES, block.node(), Loss.DROP);
            default -> new Part.Native(WireFormat.MESSAGES, block.node(), ofUnknown);
        };
    }

    private static Extras rest(MemberReader block) {
        return block.rest(WireFormat.MESSAGES);
    }

    private static Part text(MemberReader block) {
        return new Part.Text(block.requiredString("text"), rest(block));
    }

    private static Part toolCall(MemberReader block) {
        String id = block.requiredString("id");
        String name = block.requiredString("name");
        JsonNode input = block.any("input");
        // An input that is no object may come from an answer of some other gateway: it goes on as far as it can.
        String arguments = input == null ? "{}" : input.isTextual() ? input.textValue() : Json.compact(input);
        return new Part.ToolCall(id, name, ToolKind.FUNCTION, arguments, rest(block));
    }

    private static Part toolResult(MemberReader block) {
        String id = block.requiredString("tool_use_id");
        List<Part> content = parts(block, "content", (inner, type) -> ofResult(inner, type, Loss.REFUSE));
        Boolean isError = block.bool("is_error");
        Part.ToolResult.Status status = isError == null
                ? Part.ToolResult.Status.UNKNOWN
                : isError ? Part.ToolResult.Status.ERROR : Part.ToolResult.Status.OK;
        return new Part.ToolResult(id, content, status, rest(block));
    }

    private static Part thought(MemberReader block) {
        String text = block.string("thinking");
        String signature = block.string("signature");
        return new Part.Thought(
                text == null ? "" : text,
                signature == null || signature.isEmpty() ? null : Signature.unwrap(signature, WireFormat.MESSAGES),
                rest(block));
    }

    private static Part image(MemberReader block, Loss ofUnknown) {
        Media media = media(block);
        return media == null
                ? new Part.Native(WireFormat.MESSAGES, block.node(), ofUnknown)
                : new Part.Image(media, null, rest(block));
    }

    private static Part document(MemberReader block, Loss ofUnknown) {
        Media media = media(block);
        if (media != null) {
            return new Part.Document(media, block.string("title"), rest(block));
        }
        JsonNode source = block.any(SOURCE);
        String text = source != null && "content".equals(source.path("type").textValue())
                ? plainText(source.path("content"))
                : null;
        if (text == null) {
            return new Part.Native(WireFormat.MESSAGES, block.node(), ofUnknown);
        }
        String title = block.string("title");
        return new Part.Document(new Media.PlainText("text/plain", text), title, keeping(block, SOURCE, source));
    }

    private static Part searchResult(MemberReader block) {
        String title = block.string("title");
        String source = block.string("source");
        String body = plainText(block.node().path("content"));
        StringBuilder text = new StringBuilder();
        for (String line : new @Nullable String[] {title, source, body}) {
            if (line != null && !line.isEmpty()) {
                text.append(text.isEmpty() ? "" : "\n").append(line);
            }
        }
        Map<String, JsonNode> original = Map.of(SEARCH_RESULT, block.node());
        // Nothing of it is missing elsewhere: its text goes on.
        Extras extras = new Extras(WireFormat.MESSAGES, original, Set.of(), Set.of(SEARCH_RESULT));
        return new Part.Text(text.toString(), extras);
    }

    /** What is left of the block, with one member that was read. */
    private static Extras keeping(MemberReader block, String name, @Nullable JsonNode value) {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        if (value != null) {
            members.put(name, value);
        }
        members.putAll(rest(block).members());
        return Extras.of(WireFormat.MESSAGES, members);
    }

    /** The text of a string or of text blocks; null if there is anything else. */
    private static @Nullable String plainText(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode block : content) {
            JsonNode text = block.path("text");
            if (!"text".equals(block.path("type").textValue()) || !text.isTextual()) {
                return null;
            }
            texts.add(text.textValue());
        }
        return content.isArray() ? String.join("\n", texts) : null;
    }

    /** Where the bytes are; null for a kind of source that only this format knows. */
    private static @Nullable Media media(MemberReader block) {
        MemberReader source = block.object(SOURCE);
        if (source == null) {
            throw MemberReader.invalid(block.pathOf(SOURCE), "is required");
        }
        return switch (source.requiredString("type")) {
            case "base64" ->
                new Media.Inline(
                        source.requiredString("media_type").toLowerCase(Locale.ROOT), source.requiredString("data"));
            case "text" -> {
                String type = source.string("media_type");
                yield new Media.PlainText(type == null ? "text/plain" : type, source.requiredString("data"));
            }
            case "url" -> new Media.Remote(source.requiredString("url"));
            case "file" -> new Media.Uploaded(source.requiredString("file_id"));
            default -> null;
        };
    }
}
