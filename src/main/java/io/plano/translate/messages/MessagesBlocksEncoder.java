package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.WireFormat;
import io.plano.translate.CallArguments;
import io.plano.translate.FreeTextTool;
import io.plano.translate.Json;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.ClientFormat;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Loss;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.ToolKind;
import io.plano.translate.neutral.ToolNames;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the parts of a conversation as content blocks. What a client of this API sent is written as it came; what came from
 * another API loses what this one cannot carry: empty texts, thoughts that Anthropic did not sign, and the members that
 * {@link Losses} then lists. One per request.
 */
final class MessagesBlocksEncoder {
    private static final Set<String> IMAGES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");
    private static final int MAX_ID = 64;

    /** Refused inside of the result of a tool: it belongs on the whole block. */
    static final String CACHE_CONTROL = "cache_control";

    private final ClientFormat client;
    private final boolean own;
    private final Losses losses;
    private final ToolNames names;
    private final Set<String> calls = new HashSet<>();

    MessagesBlocksEncoder(ClientFormat client, Losses losses, ToolNames names) {
        this.client = client;
        this.own = client.is(WireFormat.MESSAGES);
        this.losses = losses;
        this.names = names;
    }

    /** The block, or null if nothing is left of it. */
    @Nullable
    ObjectNode of(Part part) {
        if (part instanceof Part.Text text) {
            return text(text);
        } else if (part instanceof Part.Refusal refusal) {
            return text(new Part.Text(refusal.text(), refusal.extras()));
        } else if (part instanceof Part.Image image) {
            return image(image);
        } else if (part instanceof Part.Document document) {
            return document(document);
        } else if (part instanceof Part.Audio) {
            throw Losses.unsupported(client.name(MemberName.AUDIO));
        } else if (part instanceof Part.ToolCall call) {
            return call(call);
        } else if (part instanceof Part.ToolResult result) {
            return result(result);
        } else if (part instanceof Part.Native foreign) {
            return asItIs(foreign);
        }
        return thought(part);
    }

    /**
     * Writes members without neutral meaning: all of them if they are of this format, and the cache marker whatever it
     * came in.
     *
     * @param prefix the path of the object that they were members of, with its last dot
     */
    void extras(ObjectNode target, Extras extras, String prefix) {
        target.setAll(extras.of(WireFormat.MESSAGES));
        if (extras.isEmpty() || extras.source() == WireFormat.MESSAGES) {
            return;
        }
        for (String name : extras.members().keySet()) {
            JsonNode value = extras.get(name);
            if (name.equals(CACHE_CONTROL) && value != null && value.isObject()) {
                target.set(name, value);
            } else if (!extras.silent().contains(name)) {
                losses.leaveOut(prefix + name, extras.essential().contains(name) ? Loss.REFUSE : Loss.DROP);
            }
        }
    }

    private ObjectNode typed(String type) {
        return Json.nodes().objectNode().put("type", type);
    }

    private ObjectNode finished(ObjectNode block, Part part) {
        extras(block, part.extras(), client.prefix(MemberName.CONTENT));
        return block;
    }

    private @Nullable ObjectNode text(Part.Text text) {
        JsonNode searchResult = text.extras().of(WireFormat.MESSAGES).get(MessagesContentDecoder.SEARCH_RESULT);
        if (searchResult instanceof ObjectNode original) {
            return original.deepCopy();
        } else if (text.text().isBlank() && !own) {
            return null;
        }
        return finished(typed("text").put("text", text.text()), text);
    }

    private @Nullable ObjectNode thought(Part part) {
        if (!ThinkingPlan.isOwnThought(part)) {
            return null;
        } else if (part instanceof Part.Thought thought && thought.signature() != null) {
            ObjectNode block = typed("thinking").put("thinking", thought.text());
            block.put("signature", thought.signature().value());
            return finished(block, part);
        }
        String data = ((Part.RedactedThought) part).data().value();
        return finished(typed("redacted_thinking").put("data", data), part);
    }

    private ObjectNode call(Part.ToolCall call) {
        calls.add(call.id());
        ObjectNode block = typed("tool_use").put("id", id(call.id()));
        block.put("name", names.legal(call.name()));
        if (call.kind() == ToolKind.CUSTOM) {
            block.putObject("input").put(FreeTextTool.INPUT, call.arguments());
        } else {
            block.set("input", CallArguments.object(call.arguments(), client.name(MemberName.TOOL_ARGUMENTS), losses));
        }
        return finished(block, call);
    }

    private String id(String id) {
        return own ? id : ToolNames.legal(id, MAX_ID);
    }

    private ObjectNode result(Part.ToolResult result) {
        if (!own && !calls.contains(result.callId())) {
            throw MemberReader.invalid(
                    client.name(MemberName.TOOL_RESULT),
                    "answers no tool call that stands before it in the conversation");
        }
        ObjectNode block = typed("tool_result").put("tool_use_id", id(result.callId()));
        ArrayNode content = Json.nodes().arrayNode();
        for (Part part : result.content()) {
            ObjectNode inner = of(part);
            JsonNode mark = inner == null || own ? null : inner.remove(CACHE_CONTROL);
            if (mark != null) {
                block.set(CACHE_CONTROL, mark);
            }
            if (inner != null) {
                content.add(inner);
            }
        }
        if (!content.isEmpty()) {
            block.set("content", content);
        }
        if (result.status() == Part.ToolResult.Status.ERROR) {
            block.put("is_error", true);
        } else if (result.status() == Part.ToolResult.Status.OK && own) {
            block.put("is_error", false);
        }
        return finished(block, result);
    }

    private ObjectNode image(Part.Image image) {
        if (image.media() instanceof Media.Inline inline && inline.mediaType().equals("application/pdf")) {
            return document(new Part.Document(inline, null, image.extras()));
        } else if (image.media() instanceof Media.Inline inline && !own && !IMAGES.contains(inline.mediaType())) {
            throw mediaRefused(MemberName.IMAGE, inline.mediaType());
        } else if (image.media() instanceof Media.PlainText text) {
            throw mediaRefused(MemberName.IMAGE, text.mediaType());
        }
        if (image.detail() != null && !image.detail().equals("auto")) {
            losses.drop(client.name(MemberName.IMAGE_DETAIL));
        }
        ObjectNode block = typed("image");
        block.set("source", source(image.media(), MemberName.IMAGE));
        return finished(block, image);
    }

    private ObjectNode document(Part.Document document) {
        ObjectNode block = typed("document");
        block.set("source", source(document.media(), MemberName.FILE));
        if (document.name() != null && !document.name().isEmpty()) {
            block.put("title", document.name());
        }
        return finished(block, document);
    }

    private ObjectNode source(Media media, MemberName member) {
        if (media instanceof Media.Inline inline) {
            return inline(inline, member);
        } else if (media instanceof Media.PlainText text) {
            return plainText(text.text());
        } else if (media instanceof Media.Remote remote) {
            return typed("url").put("url", remote.url());
        } else if (!client.sharesUploadsWith(WireFormat.MESSAGES)) {
            throw Losses.unsupported(client.name(member) + ".file_id");
        }
        return typed("file").put("file_id", ((Media.Uploaded) media).fileId());
    }

    private ObjectNode inline(Media.Inline inline, MemberName member) {
        boolean text = inline.mediaType().startsWith("text/");
        boolean asItIs = own || member == MemberName.IMAGE || inline.mediaType().equals("application/pdf");
        if (!asItIs && text) {
            return plainText(decoded(inline, member));
        } else if (!asItIs) {
            throw mediaRefused(member, inline.mediaType());
        }
        return typed("base64").put("media_type", inline.mediaType()).put("data", inline.base64());
    }

    private ObjectNode plainText(String text) {
        return typed("text").put("media_type", "text/plain").put("data", text);
    }

    private String decoded(Media.Inline inline, MemberName member) {
        try {
            return new String(Base64.getDecoder().decode(inline.base64()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw MemberReader.invalid(client.name(member), "must be base64");
        }
    }

    private GatewayException mediaRefused(MemberName member, String mediaType) {
        return GatewayException.coded(
                FailureKind.UNSUPPORTED_FEATURE,
                "unsupported_media_type",
                "'" + client.name(member) + "' has the media type '" + mediaType
                        + "', which the API of the provider that serves this model does not take.");
    }

    private @Nullable ObjectNode asItIs(Part.Native block) {
        if (block.source() == WireFormat.MESSAGES && block.value() instanceof ObjectNode original) {
            return original.deepCopy();
        }
        String type = block.value().path("type").asText("block");
        losses.leaveOut(client.prefix(MemberName.NATIVE_PART) + type, block.loss());
        return null;
    }
}
