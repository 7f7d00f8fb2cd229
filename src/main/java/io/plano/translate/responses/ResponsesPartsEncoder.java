package io.plano.translate.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.Json;
import io.plano.translate.neutral.ClientFormat;
import io.plano.translate.neutral.DataUrl;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.Part;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the parts of messages and of tool outputs. One per request. */
final class ResponsesPartsEncoder {
    private static final Set<String> OF_ITEMS = Set.of(ResponsesItemsDecoder.MESSAGE);

    private final ClientFormat client;
    private final String partPath;
    private final Losses losses;

    ResponsesPartsEncoder(ClientFormat client, Losses losses) {
        this.client = client;
        partPath = client.prefix(MemberName.CONTENT);
        this.losses = losses;
    }

    /**
     * One part of a message.
     *
     * @param textType {@code output_text} in what the assistant said, {@code input_text} elsewhere
     * @return null for what is no content part
     */
    @Nullable
    ObjectNode part(Part part, String textType) {
        ObjectNode written = content(part, textType);
        if (written != null) {
            writeExtras(part.extras(), written);
        }
        return written;
    }

    private @Nullable ObjectNode content(Part part, String textType) {
        if (part instanceof Part.Text text) {
            return object(textType).put("text", text.text());
        } else if (part instanceof Part.Refusal refusal) {
            return textType.equals("output_text")
                    ? object("refusal").put("refusal", refusal.text())
                    : object(textType).put("text", refusal.text());
        } else if (part instanceof Part.Image image) {
            return image(image);
        } else if (part instanceof Part.Document document) {
            return document(document);
        } else if (part instanceof Part.Audio audio) {
            ObjectNode written = object("input_audio");
            written.putObject("input_audio").put("data", audio.base64()).put("format", audio.format());
            return written;
        }
        return null;
    }

    private static ObjectNode object(String type) {
        return Json.nodes().objectNode().put("type", type);
    }

    private ObjectNode image(Part.Image image) {
        ObjectNode written = object("input_image");
        if (image.media() instanceof Media.Uploaded uploaded) {
            written.put("file_id", ours(uploaded));
        } else {
            written.put("image_url", url(image.media()));
        }
        if (image.detail() != null) {
            written.put("detail", image.detail());
        } else if (!client.is(WireFormat.RESPONSES)) {
            // OpenAI's default, which servers that check against the types of its SDK want to see.
            written.put("detail", "auto");
        }
        return written;
    }

    private ObjectNode document(Part.Document document) {
        ObjectNode written = object("input_file");
        Media media = document.media();
        if (media instanceof Media.Uploaded uploaded) {
            written.put("file_id", ours(uploaded));
        } else if (media instanceof Media.Remote remote) {
            written.put("file_url", remote.url());
        } else {
            String name = fileName(document);
            if (name != null) {
                written.put("filename", name);
            }
            written.put("file_data", url(media));
        }
        return written;
    }

    /** OpenAI wants a name with the bytes; a client of its own may know better. */
    private @Nullable String fileName(Part.Document document) {
        if (document.name() != null || client.is(WireFormat.RESPONSES)) {
            return document.name();
        }
        String type = String.valueOf(document.media().knownType());
        return "document." + (type.equals("text/plain") ? "txt" : type.substring(type.lastIndexOf('/') + 1));
    }

    private static String url(Media media) {
        if (media instanceof Media.Inline inline) {
            return DataUrl.of(inline);
        } else if (media instanceof Media.PlainText text) {
            String base64 = Base64.getEncoder().encodeToString(text.text().getBytes(StandardCharsets.UTF_8));
            return DataUrl.of(new Media.Inline(text.mediaType(), base64));
        }
        return ((Media.Remote) media).url();
    }

    /** The id of a file means something to the company that gave it. */
    private String ours(Media.Uploaded uploaded) {
        if (!client.sharesUploadsWith(WireFormat.RESPONSES)) {
            throw Losses.unsupported(client.name(MemberName.FILE_ID));
        }
        return uploaded.fileId();
    }

    private void writeExtras(Extras extras, ObjectNode written) {
        if (extras.source() == WireFormat.RESPONSES) {
            ResponsesExtras.write(extras, written, OF_ITEMS);
        } else {
            losses.leaveOut(extras, partPath);
        }
    }

    /** What a tool answered: plain text if it is no more than that. */
    void writeOutput(ObjectNode item, List<Part> content) {
        if (content.isEmpty()) {
            item.put("output", "");
        } else if (content.size() == 1
                && content.get(0) instanceof Part.Text text
                && text.extras().of(WireFormat.RESPONSES).isEmpty()) {
            losses.leaveOut(text.extras(), partPath + "content.");
            item.put("output", text.text());
        } else {
            ArrayNode output = item.putArray("output");
            content.forEach(part -> addOutput(output, part));
            if (output.isEmpty()) {
                // Nothing of it can be carried: as a function answers that has nothing to say.
                item.put("output", "");
            }
        }
    }

    private void addOutput(ArrayNode output, Part part) {
        ObjectNode written = part(part, "input_text");
        if (written != null) {
            output.add(written);
        } else if (part instanceof Part.Native given) {
            losses.leaveOut(partPath + "content." + given.value().path("type").asText("type"), given.loss());
        }
    }
}
