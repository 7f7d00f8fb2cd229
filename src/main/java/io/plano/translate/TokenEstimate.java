package io.plano.translate;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.Turn;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how many tokens a chat is for a model of OpenAI's, with OpenAI's own encodings: {@code cl100k_base} for GPT-4 and
 * GPT-3.5, {@code o200k_base} for all later ones. Framing follows the OpenAI Cookbook, "How to count tokens with tiktoken":
 * three tokens a message, three for the answer's beginning. What is no text is counted by constants: an image as one of 1024
 * by 1024 pixels in high detail (four tiles of 170 tokens and 85), or 85 in low detail; a PDF as 1500 tokens for every 50 kB;
 * sound as nothing. Reasoning of earlier turns is not counted: providers leave it out.
 *
 * <p>Thread-safe. The tables of an encoding, some megabytes, are loaded when the first request needs them.
 */
public final class TokenEstimate {
    /** Also behind a vendor's prefix and as a name of a deployment that keeps the model's. */
    private static final List<String> OPENAI_FAMILIES =
            List.of("chatgpt-", "codex-", "gpt-3", "gpt-4", "gpt-5", "gpt-oss", "o1-", "o3-", "o4-");

    private static final Set<String> OPENAI_MODELS = Set.of("o1", "o3", "o4");

    private static final int TOKENS_PER_MESSAGE = 3;
    private static final int TOKENS_OF_ANSWER_START = 3;

    /** Name, braces and separators of a tool or a call. */
    private static final int TOKENS_PER_TOOL = 8;

    private static final int HIGH_DETAIL_IMAGE = 765;
    private static final int LOW_DETAIL_IMAGE = 85;
    private static final int PDF_PAGE = 1_500;
    private static final int BASE64_CHARS_PER_PAGE = 50_000 / 3 * 4;

    private static final Tables O200K = new Tables(EncodingType.O200K_BASE);
    private static final Tables CL100K = new Tables(EncodingType.CL100K_BASE);

    /**
     * Loads on first use. If that fails, for want of a file descriptor or of memory, the next request tries again; a static
     * field would stay broken.
     */
    private static final class Tables {
        private final EncodingType type;
        private volatile @Nullable Encoding loaded;

        Tables(EncodingType type) {
            this.type = type;
        }

        Encoding encoding() {
            Encoding known = loaded;
            return known == null ? load() : known;
        }

        private synchronized Encoding load() {
            Encoding known = loaded;
            if (known == null) {
                known = Encodings.newLazyEncodingRegistry().getEncoding(type);
                loaded = known;
            }
            return known;
        }
    }

    private final Encoding encoding;

    private TokenEstimate(Encoding encoding) {
        this.encoding = encoding;
    }

    /**
     * The input tokens of the request.
     *
     * @param model the model that is to answer, in the provider's words
     */
    public static long of(ChatRequest request, String model) {
        return new TokenEstimate(encoding(model)).count(request);
    }

    /** Whether the model is one of OpenAI's, as far as its name tells: other vendors have encodings of their own. */
    public static boolean knows(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        int start = 0;
        // The name is the client's and may be long: each character is looked at once.
        for (int at = 0; at <= name.length(); at++) {
            boolean atEnd = at == name.length();
            if (atEnd || name.charAt(at) == '/') {
                if (isOpenAi(name, start) || at == start) {
                    return at > start;
                }
                start = at + 1;
            } else if (!isOfVendor(name.charAt(at))) {
                return isOpenAi(name, start);
            }
        }
        return false;
    }

    private static boolean isOpenAi(String name, int start) {
        return OPENAI_MODELS.contains(name.length() - start > 2 ? "" : name.substring(start))
                || OPENAI_FAMILIES.stream().anyMatch(family -> name.startsWith(family, start));
    }

    private static boolean isOfVendor(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    }

    private static Encoding encoding(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        boolean older = name.contains("gpt-3.5")
                || name.contains("gpt-35")
                || (name.contains("gpt-4")
                        && !name.contains("gpt-4o")
                        && !name.contains("gpt-4.1")
                        && !name.contains("gpt-4.5"));
        return (older ? CL100K : O200K).encoding();
    }

    private long count(ChatRequest request) {
        long tokens = TOKENS_OF_ANSWER_START;
        for (Turn turn : request.turns()) {
            tokens += turn(turn);
        }
        for (Tool tool : request.tools().tools()) {
            tokens += TOKENS_PER_TOOL + tool(tool);
        }
        OutputForm.Schema schema = request.output().schema();
        return schema == null ? tokens : tokens + text(Json.compact(schema.schema()));
    }

    private long turn(Turn turn) {
        long tokens = TOKENS_PER_MESSAGE + text(turn.role().name().toLowerCase(Locale.ROOT));
        for (Part part : turn.parts()) {
            tokens += part(part);
        }
        return tokens;
    }

    private long part(Part part) {
        if (part instanceof Part.Text words) {
            return text(words.text());
        } else if (part instanceof Part.Refusal refusal) {
            return text(refusal.text());
        } else if (part instanceof Part.Image image) {
            return "low".equals(image.detail()) ? LOW_DETAIL_IMAGE : HIGH_DETAIL_IMAGE;
        } else if (part instanceof Part.Document document) {
            return text(document.name()) + document(document.media());
        } else if (part instanceof Part.ToolCall call) {
            return TOKENS_PER_TOOL + text(call.name()) + text(call.arguments());
        } else if (part instanceof Part.ToolResult result) {
            long tokens = TOKENS_PER_MESSAGE;
            for (Part inner : result.content()) {
                tokens += part(inner);
            }
            return tokens;
        }
        return 0;
    }

    private long document(Media media) {
        if (media instanceof Media.PlainText words) {
            return text(words.text());
        } else if (media instanceof Media.Inline inline && inline.mediaType().startsWith("text/")) {
            return text(decoded(inline.base64()));
        } else if (media instanceof Media.Inline inline) {
            return PDF_PAGE * (1L + inline.base64().length() / BASE64_CHARS_PER_PAGE);
        }
        return PDF_PAGE;
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return base64;
        }
    }

    private long tool(Tool tool) {
        if (tool instanceof Tool.Function function) {
            long schema = function.parameters() == null ? 0 : text(Json.compact(function.parameters()));
            return text(function.name()) + text(function.description()) + schema;
        } else if (tool instanceof Tool.Custom custom) {
            return text(custom.name()) + text(custom.description());
        }
        return 0;
    }

    private long text(@Nullable String text) {
        return text == null ? 0 : encoding.countTokensOrdinary(text);
    }
}
