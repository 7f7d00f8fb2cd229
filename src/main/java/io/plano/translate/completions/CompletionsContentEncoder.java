package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.provider.WireFormat;
import io.plano.translate.Json;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.DataUrl;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the {@code content} of messages: a string if that says everything, an array of parts otherwise. */
final class CompletionsContentEncoder {
    private final CompletionsRequestContext context;

    CompletionsContentEncoder(CompletionsRequestContext context) {
        this.context = context;
    }

    /** The content; an empty string if there are no parts, or none that can be written. */
    JsonNode content(List<Part> all) {
        List<Part> parts = carried(all);
        if (parts.isEmpty()) {
            return Json.nodes().textNode("");
        }
        if (parts.size() == 1 && parts.get(0) instanceof Part.Text text && isPlain(text)) {
            context.leaveOut(text.extras(), MemberName.CONTENT);
            return Json.nodes().textNode(text.text());
        }
        ArrayNode array = array(parts);
        return array.isEmpty() ? Json.nodes().textNode("") : array;
    }

    /**
     * The content as one string wherever its texts need no part of their own: servers that follow OpenAI's API from afar
     * take nothing else.
     */
    JsonNode joined(List<Part> all, String separator) {
        List<Part> parts = carried(all);
        if (!isAllPlain(parts)) {
            return content(parts);
        }
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            Part.Text piece = (Part.Text) part;
            context.leaveOut(piece.extras(), MemberName.CONTENT);
            text.append(text.isEmpty() ? "" : separator).append(piece.text());
        }
        return Json.nodes().textNode(text.toString());
    }

    /** What this format can carry; accounts for the rest. */
    private List<Part> carried(List<Part> parts) {
        List<Part> carried = new ArrayList<>(parts.size());
        for (Part part : parts) {
            if (part instanceof Part.Native strange && strange.source() != WireFormat.COMPLETIONS) {
                String type = strange.value().path("type").asText("");
                String member = context.name(MemberName.CONTENT) + (type.isEmpty() ? "" : "." + type);
                context.losses.leaveOut(member, strange.loss());
            } else {
                carried.add(part);
            }
        }
        return carried;
    }

    private boolean isAllPlain(List<Part> parts) {
        return parts.stream().allMatch(part -> part instanceof Part.Text text && !context.writesAny(text.extras()));
    }

    private boolean isPlain(Part.Text text) {
        return !text.text().isEmpty() && !context.writesAny(text.extras());
    }

    private ArrayNode array(List<Part> parts) {
        ArrayNode array = Json.nodes().arrayNode();
        for (Part part : parts) {
            JsonNode node = part(part);
            if (node != null) {
                array.add(node);
            }
        }
        return array;
    }

    private @Nullable JsonNode part(Part part) {
        ObjectNode node = Json.nodes().objectNode();
        if (part instanceof Part.Text text) {
            node.put("type", "text").put("text", text.text());
        } else if (part instanceof Part.Refusal refusal) {
            node.put("type", "refusal").put("refusal", refusal.text());
        } else if (part instanceof Part.Image image) {
            image(image, node);
        } else if (part instanceof Part.Document document) {
            file(document, node);
        } else if (part instanceof Part.Audio audio) {
            node.put("type", "input_audio");
            node.putObject("input_audio").put("data", audio.base64()).put("format", audio.format());
        } else {
            return part instanceof Part.Native strange ? strange.value() : null;
        }
        context.extras(part.extras(), MemberName.CONTENT, node);
        return node;
    }

    private void image(Part.Image image, ObjectNode node) {
        node.put("type", "image_url");
        ObjectNode value = node.putObject("image_url").put("url", url(image.media(), context.name(MemberName.IMAGE)));
        String detail = image.detail();
        if (detail != null && detail.equals("original") && !context.isOwn()) {
            context.losses.drop(context.name(MemberName.IMAGE_DETAIL));
            detail = "high";
        }
        if (detail != null) {
            value.put("detail", detail);
        }
    }

    private String url(Media media, String member) {
        if (media instanceof Media.Remote remote) {
            return remote.url();
        } else if (media instanceof Media.Inline inline) {
            return DataUrl.of(inline);
        }
        throw Losses.unsupported(member);
    }

    private void file(Part.Document document, ObjectNode node) {
        node.put("type", "file");
        ObjectNode file = node.putObject("file");
        Media media = document.media();
        if (document.name() != null) {
            file.put("filename", document.name());
        } else if (!context.isOwn() && !(media instanceof Media.Uploaded)) {
            file.put("filename", defaultName(media));
        }
        if (media instanceof Media.Inline inline) {
            file.put("file_data", DataUrl.of(inline));
        } else if (media instanceof Media.PlainText text) {
            file.put("file_data", DataUrl.of(encoded(text)));
        } else if (media instanceof Media.Remote remote) {
            if (!context.isOwn()) {
                throw urlDocument();
            }
            file.put("file_data", remote.url());
        } else if (media instanceof Media.Uploaded uploaded) {
            if (!context.client().sharesUploadsWith(WireFormat.COMPLETIONS)) {
                throw Losses.unsupported(context.name(MemberName.FILE_ID));
            }
            file.put("file_id", uploaded.fileId());
        }
    }

    private GatewayException urlDocument() {
        return GatewayException.coded(
                FailureKind.UNSUPPORTED_FEATURE,
                "unsupported_parameter",
                "'" + context.name(MemberName.FILE_URL)
                        + "' is not supported: the API of the provider that serves this model takes documents only as"
                        + " data in the request.");
    }

    private static Media.Inline encoded(Media.PlainText text) {
        byte[] bytes = text.text().getBytes(StandardCharsets.UTF_8);
        return new Media.Inline(text.mediaType(), Base64.getEncoder().encodeToString(bytes));
    }

    /** OpenAI wants a name, and looks at its extension. */
    private static String defaultName(Media media) {
        String type = media.knownType();
        return type != null && type.startsWith("text/") ? "document.txt" : "document.pdf";
    }

    /** The refusal of a part that no place can be found for. */
    static GatewayException misplaced(String member) {
        return MemberReader.invalid(member, "refers to no tool call of an earlier assistant message");
    }
}
