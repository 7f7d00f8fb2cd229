package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Loss;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code content} of a message: a string, or an array of parts. Takes what common clients send beyond the
 * reference: an image URL without its object, a PDF as an image, a file without the head of a data URL. Source: OpenAI API
 * reference, "Create chat completion".
 */
final class CompletionsContentDecoder {
    private static final Map<String, String> TYPES = Map.of(
            "pdf", "application/pdf",
            "txt", "text/plain",
            "md", "text/markdown",
            "csv", "text/csv",
            "html", "text/html",
            "json", "application/json");

    /** How a PDF begins, in base64. */
    private static final String PDF = "JVBERi0";

    private CompletionsContentDecoder() {}

    /** The parts; none if the content is absent or an empty string. */
    static List<Part> parts(MemberReader message) {
        return parts(message, Extras.NONE);
    }

    /**
     * The parts.
     *
     * @param ofString the extras of the text, if the content is a string
     */
    static List<Part> parts(MemberReader message, Extras ofString) {
        JsonNode content = message.any("content");
        String path = message.pathOf("content");
        if (content == null) {
            return List.of();
        } else if (content.isTextual()) {
            String text = content.textValue();
            return text.isEmpty() ? List.of() : List.of(new Part.Text(text, ofString));
        } else if (!content.isArray()) {
            throw MemberReader.invalid(path, "must be a string or an array of content parts");
        }
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < content.size(); i++) {
            JsonNode part = content.get(i);
            parts.add(
                    part.isTextual()
                            ? new Part.Text(part.textValue())
                            : part(MemberReader.of(part, path + "[" + i + "]")));
        }
        return parts;
    }

    private static Part part(MemberReader part) {
        String type = part.requiredString("type");
        return switch (type) {
            case "text", "input_text", "output_text" ->
                new Part.Text(part.requiredString("text"), new RemainingMembers(part).extras());
            case "refusal" -> new Part.Refusal(part.requiredString("refusal"), new RemainingMembers(part).extras());
            case "image_url" -> image(part);
            case "file" -> file(part);
            case "input_audio" -> audio(part);
            case "thinking" -> thought(part);
            default -> new Part.Native(WireFormat.COMPLETIONS, part.node(), Loss.REFUSE);
        };
    }

    private static Part image(MemberReader part) {
        JsonNode value = part.any("image_url");
        MemberReader image = value == null || value.isTextual() ? null : part.object("image_url");
        String url = image == null ? part.requiredString("image_url") : image.requiredString("url");
        Media media = Media.ofUrl(url);
        if (media == null) {
            throw MemberReader.invalid(part.pathOf("image_url"), "is not a valid data URL");
        }
        String detail = image == null ? null : image.string("detail");
        Extras extras = new RemainingMembers(part).and("image_url", image).extras();
        return isDocument(media) ? new Part.Document(media, null, extras) : new Part.Image(media, detail, extras);
    }

    private static boolean isDocument(Media media) {
        String type = media.knownType();
        return type != null && (type.equals("application/pdf") || type.startsWith("text/"));
    }

    private static Part file(MemberReader part) {
        MemberReader file = part.object("file");
        if (file == null) {
            throw MemberReader.invalid(part.pathOf("file"), "is required");
        }
        String name = file.string("filename");
        String data = file.string("file_data");
        String id = data == null ? file.string("file_id") : null;
        if (data == null && id == null) {
            throw MemberReader.invalid(file.path(), "must have 'file_data' or 'file_id'");
        }
        Media media = id != null ? new Media.Uploaded(id) : fileData(data == null ? "" : data, name);
        if (media == null) {
            throw MemberReader.invalid(file.pathOf("file_data"), "is not a valid data URL");
        }
        return new Part.Document(
                media, name, new RemainingMembers(part).and("file", file).extras());
    }

    private static @Nullable Media fileData(String data, @Nullable String name) {
        if (data.contains(":")) {
            return Media.ofUrl(data);
        }
        return Media.ofUrl("data:" + typeOf(data, name) + ";base64," + data);
    }

    private static String typeOf(String base64, @Nullable String name) {
        String extension = name == null ? "" : name.substring(name.lastIndexOf('.') + 1);
        String type = TYPES.get(extension.toLowerCase(Locale.ROOT));
        if (type != null) {
            return type;
        }
        return base64.startsWith(PDF) ? "application/pdf" : "application/octet-stream";
    }

    private static Part audio(MemberReader part) {
        MemberReader audio = part.object("input_audio");
        if (audio == null) {
            throw MemberReader.invalid(part.pathOf("input_audio"), "is required");
        }
        return new Part.Audio(
                audio.requiredString("data"),
                audio.requiredString("format"),
                new RemainingMembers(part).and("input_audio", audio).extras());
    }

    /**
     * Mistral's form: {@code {"type":"thinking","thinking":[{"type":"text","text":…}]}}; or Envoy AI Gateway's, which has the
     * {@code text} and the {@code signature} of a thought of Claude's.
     */
    private static Part thought(MemberReader part) {
        JsonNode thinking = part.any("thinking");
        String signature = part.string("signature");
        return new Part.Thought(
                thinking(thinking == null ? part.any("text") : thinking),
                signature == null || signature.isEmpty() ? null : Signature.ofClaude(signature),
                new RemainingMembers(part).extras());
    }

    /** The text of a thought that is a string or an array of parts. */
    static String thinking(@Nullable JsonNode thinking) {
        if (thinking == null || thinking.isTextual()) {
            return thinking == null ? "" : thinking.textValue();
        }
        StringBuilder text = new StringBuilder();
        thinking.forEach(piece -> text.append(piece.path("text").asText("")));
        return text.toString();
    }
}
