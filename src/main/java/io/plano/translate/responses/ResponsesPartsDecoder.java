package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the content of messages and of tool outputs: a string, or an array of parts. Stateless. */
final class ResponsesPartsDecoder {
    private static final String PDF = "application/pdf";

    private ResponsesPartsDecoder() {}

    /**
     * The parts of a content.
     *
     * @return null if one of them is of a type that is not known here
     */
    static @Nullable List<Part> parts(JsonNode content, String path) {
        if (content.isTextual()) {
            return List.of(new Part.Text(content.textValue()));
        }
        if (!content.isArray()) {
            throw MemberReader.invalid(path, "must be a string or an array");
        }
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < content.size(); i++) {
            Part part = part(MemberReader.of(content.get(i), path + "[" + i + "]"));
            if (part == null) {
                return null;
            }
            parts.add(part);
        }
        return parts;
    }

    private static @Nullable Part part(MemberReader part) {
        return switch (part.requiredString("type")) {
            case "input_text", "output_text", "text" -> text(part);
            case "refusal" ->
                new Part.Refusal(part.requiredString("refusal"), rest(part).build());
            case "input_image" -> image(part);
            case "input_file" -> document(part);
            case "input_audio" -> audio(part);
            default -> null;
        };
    }

    private static ResponsesExtras rest(MemberReader part) {
        return new ResponsesExtras().restOf(part);
    }

    /** Answers come back with empty lists of annotations, which say nothing. */
    private static Part text(MemberReader part) {
        String text = part.requiredString("text");
        for (String list : new String[] {"annotations", "logprobs"}) {
            if (part.has(list) && part.node().get(list).isEmpty()) {
                part.any(list);
            }
        }
        return new Part.Text(text, rest(part).build());
    }

    private static Part image(MemberReader part) {
        String url = part.string("image_url");
        String fileId = part.string("file_id");
        String detail = part.string("detail");
        if (url == null && fileId == null) {
            throw MemberReader.invalid(part.path(), "has neither an 'image_url' nor a 'file_id'");
        }
        Media media = url != null ? url(part, "image_url", url) : new Media.Uploaded(String.valueOf(fileId));
        if (PDF.equals(media.knownType())) {
            return new Part.Document(media, null, rest(part).build());
        }
        return new Part.Image(media, detail, rest(part).build());
    }

    private static Media url(MemberReader part, String name, String url) {
        Media media = Media.ofUrl(url);
        if (media == null) {
            throw MemberReader.invalid(part.pathOf(name), "is no valid data URL");
        }
        return media;
    }

    private static Part document(MemberReader part) {
        String name = part.string("filename");
        String data = part.string("file_data");
        String url = part.string("file_url");
        String fileId = part.string("file_id");
        Media media;
        if (data != null) {
            media = data.regionMatches(true, 0, "data:", 0, 5)
                    ? url(part, "file_data", data)
                    : new Media.Inline(typeOf(name), data);
        } else if (url != null) {
            media = url(part, "file_url", url);
        } else if (fileId != null) {
            media = new Media.Uploaded(fileId);
        } else {
            throw MemberReader.invalid(part.path(), "has no 'file_data', 'file_url' or 'file_id'");
        }
        return new Part.Document(media, name, rest(part).build());
    }

    /** Some clients send bare base64 where OpenAI documents a data URL. */
    private static String typeOf(@Nullable String fileName) {
        String name = fileName == null ? "" : fileName.toLowerCase(Locale.ROOT);
        return name.endsWith(".txt") || name.endsWith(".md") ? "text/plain" : PDF;
    }

    private static Part audio(MemberReader part) {
        MemberReader audio = part.object("input_audio");
        if (audio == null) {
            throw MemberReader.invalid(part.pathOf("input_audio"), "is required");
        }
        return new Part.Audio(
                audio.requiredString("data"),
                audio.requiredString("format"),
                rest(part).restOf("input_audio", audio).build());
    }
}
