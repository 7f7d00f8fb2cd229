package io.plano.provider;

import io.plano.credential.AccountResource;
import io.plano.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one table of what stands below {@code /v1/}: which path with which method is which operation, in whose dialect, and
 * whether it asks a model or touches a resource of the account. The rows follow the API references of OpenAI and
 * Anthropic; {@code rerank} is Jina's, which vLLM and others adopted.
 *
 * <h2>Strict for models, generous for resources</h2>
 *
 * A surface of a model is known by its exact spelling and its one method, {@code POST}: what is spelled or asked in any
 * other way is no question to a model, and a key of ours pays for nothing else. A resource is known by every spelling
 * that a server could take for it, in any letter case, percent-encoded, with whatever behind it: otherwise an odd
 * spelling would fall under {@link AccountResource#OTHER}, and a row that allows the one would open the other.
 */
public enum Surface {
    CHAT_COMPLETIONS("chat/completions", Operation.CHAT_COMPLETIONS, Model.REQUIRED, Form.JSON),
    COMPLETIONS("completions", Operation.COMPLETIONS, Model.REQUIRED, Form.JSON),
    EMBEDDINGS("embeddings", Operation.EMBEDDINGS, Model.REQUIRED, Form.JSON),
    /** A stored prompt may name the model. */
    RESPONSES("responses", Operation.RESPONSES, Model.OPTIONAL, Form.JSON),
    /** Codex shortens its history with it. */
    COMPACTION("responses/compact", Operation.OTHER_RESPONSES, Model.REQUIRED, Form.JSON),
    INPUT_TOKENS("responses/input_tokens", Operation.OTHER_RESPONSES, Model.OPTIONAL, Form.JSON),
    MESSAGES("messages", Operation.MESSAGES, Model.REQUIRED, Form.JSON),
    COUNT_TOKENS("messages/count_tokens", Operation.COUNT_TOKENS, Model.REQUIRED, Form.JSON),
    IMAGES("images/generations", Operation.OTHER, Model.OPTIONAL, Form.JSON),
    IMAGE_EDITS("images/edits", Operation.OTHER, Model.OPTIONAL, Form.JSON_OR_MULTIPART),
    IMAGE_VARIATIONS("images/variations", Operation.OTHER, Model.OPTIONAL, Form.JSON_OR_MULTIPART),
    SPEECH("audio/speech", Operation.OTHER, Model.REQUIRED, Form.JSON),
    TRANSCRIPTIONS("audio/transcriptions", Operation.OTHER, Model.REQUIRED, Form.JSON_OR_MULTIPART),
    TRANSLATIONS("audio/translations", Operation.OTHER, Model.REQUIRED, Form.JSON_OR_MULTIPART),
    MODERATIONS("moderations", Operation.OTHER, Model.OPTIONAL, Form.JSON),
    RERANK("rerank", Operation.OTHER, Model.REQUIRED, Form.JSON),

    /** {@code GET /v1/models} and {@code GET /v1/models/{id}}, answered by the gateway itself. */
    MODEL_LIST(),

    STORED_COMPLETIONS("chat/completions", Operation.OTHER_CHAT, AccountResource.STORED_COMPLETIONS, Whose.OPENAI),
    STORED_RESPONSES("responses", Operation.OTHER_RESPONSES, AccountResource.STORED_RESPONSES, Whose.OPENAI),
    MESSAGE_BATCHES("messages/batches", Operation.OTHER_ANTHROPIC, AccountResource.BATCHES, Whose.ANTHROPIC),
    OTHER_MESSAGES("messages", Operation.OTHER_ANTHROPIC, AccountResource.OTHER, Whose.ANTHROPIC),
    FILES("files", Operation.OTHER, AccountResource.FILES, Whose.BOTH),
    UPLOADS("uploads", Operation.OTHER, AccountResource.FILES, Whose.OPENAI),
    BATCHES("batches", Operation.OTHER, AccountResource.BATCHES, Whose.OPENAI),
    CONVERSATIONS("conversations", Operation.OTHER, AccountResource.CONVERSATIONS, Whose.OPENAI),
    FINE_TUNING("fine_tuning", Operation.OTHER, AccountResource.FINE_TUNING, Whose.OPENAI),
    FINE_TUNES("fine-tunes", Operation.OTHER, AccountResource.FINE_TUNING, Whose.OPENAI),
    /** {@code DELETE /v1/models/{id}} deletes what was trained. */
    MODEL_DELETION("models", Operation.OTHER, AccountResource.FINE_TUNING, Whose.BOTH),
    VECTOR_STORES("vector_stores", Operation.OTHER, AccountResource.VECTOR_STORES, Whose.OPENAI),
    ASSISTANTS("assistants", Operation.OTHER, AccountResource.ASSISTANTS, Whose.OPENAI),
    THREADS("threads", Operation.OTHER, AccountResource.ASSISTANTS, Whose.OPENAI),
    EVALS("evals", Operation.OTHER, AccountResource.EVALS, Whose.OPENAI),
    CONTAINERS("containers", Operation.OTHER, AccountResource.CONTAINERS, Whose.OPENAI),
    VIDEOS("videos", Operation.OTHER, AccountResource.VIDEOS, Whose.OPENAI),
    SKILLS("skills", Operation.OTHER, AccountResource.SKILLS, Whose.BOTH),
    REALTIME("realtime", Operation.OTHER, AccountResource.REALTIME, Whose.OPENAI),
    ORGANIZATION("organization", Operation.OTHER, AccountResource.ADMINISTRATION, Whose.OPENAI),
    /** Anthropic's Admin API. */
    ORGANIZATIONS("organizations", Operation.OTHER, AccountResource.ADMINISTRATION, Whose.BOTH),
    PROJECTS("projects", Operation.OTHER, AccountResource.ADMINISTRATION, Whose.OPENAI),
    USAGE("usage", Operation.OTHER, AccountResource.ADMINISTRATION, Whose.OPENAI),
    DASHBOARD("dashboard", Operation.OTHER, AccountResource.ADMINISTRATION, Whose.OPENAI),
    UNKNOWN("", Operation.OTHER, AccountResource.OTHER, Whose.BOTH);

    /** Whether a request has to name its model. */
    private enum Model {
        REQUIRED,
        /** The provider, or something that it stores, knows one. */
        OPTIONAL
    }

    /** What a body may be. */
    private enum Form {
        JSON,
        JSON_OR_MULTIPART,
        /** Whatever the provider takes. */
        ANY
    }

    /** Whose API has the path; where both have it, the request's headers say in whose dialect it speaks. */
    private enum Whose {
        OPENAI,
        ANTHROPIC,
        BOTH
    }

    private static final String BELOW = "/v1/";
    private static final String ANTHROPIC_VERSION = "anthropic-version";
    private static final Map<String, Surface> QUESTIONS = questions();
    private static final List<Surface> RESOURCES = resources();

    private final String path;
    private final Operation operation;
    private final Model model;
    private final Form form;
    private final Whose whose;
    private final @Nullable AccountResource resource;

    /** The path of a model. */
    Surface(String path, Operation operation, Model model, Form form) {
        this(path, operation, model, form, of(operation.dialect()), null);
    }

    /** A path and all below it, with every method that no other row has. */
    Surface(String path, Operation operation, AccountResource resource, Whose whose) {
        this(path, operation, Model.OPTIONAL, Form.ANY, whose, resource);
    }

    Surface() {
        this("models", Operation.MODELS, Model.OPTIONAL, Form.ANY, Whose.BOTH, null);
    }

    Surface(String path, Operation operation, Model model, Form form, Whose whose, @Nullable AccountResource resource) {
        this.path = path;
        this.operation = operation;
        this.model = model;
        this.form = form;
        this.whose = whose;
        this.resource = resource;
    }

    private static Whose of(ApiDialect dialect) {
        return dialect == ApiDialect.ANTHROPIC ? Whose.ANTHROPIC : Whose.OPENAI;
    }

    private static Map<String, Surface> questions() {
        Map<String, Surface> questions = new HashMap<>();
        Stream.of(values()).filter(Surface::isQuestion).forEach(surface -> questions.put(surface.path, surface));
        return Map.copyOf(questions);
    }

    /** The longest path first. */
    private static List<Surface> resources() {
        return Stream.of(values())
                .filter(surface -> surface.resource != null && surface != UNKNOWN)
                .sorted(Comparator.comparingInt((Surface surface) -> surface.path.length())
                        .reversed())
                .toList();
    }

    /**
     * The surface that a request is for.
     *
     * @param suffix the path below {@code /v1/}, as it came in, without query
     */
    public static Surface of(String method, String suffix) {
        Surface question = method.equals("POST") ? QUESTIONS.get(suffix) : null;
        if (question != null) {
            return question;
        }
        boolean isRead = method.equals("GET") || method.equals("HEAD");
        if (isRead && (suffix.equals(MODEL_LIST.path) || suffix.startsWith(MODEL_LIST.path + "/"))) {
            return MODEL_LIST;
        }
        return resource(suffix);
    }

    private static Surface resource(String suffix) {
        String plain = plain(suffix);
        for (Surface surface : RESOURCES) {
            boolean isIn = plain.startsWith(surface.path)
                    && (plain.length() == surface.path.length() || plain.charAt(surface.path.length()) == '/');
            if (isIn) {
                return surface;
            }
        }
        return UNKNOWN;
    }

    /** In lower case and without escapes, as the most forgiving server reads it. */
    private static String plain(String suffix) {
        if (suffix.indexOf('%') < 0) {
            return suffix.toLowerCase(Locale.ROOT);
        }
        byte[] raw = suffix.getBytes(StandardCharsets.UTF_8);
        StringBuilder plain = new StringBuilder(raw.length);
        for (int i = 0; i < raw.length; i++) {
            int high = raw[i] == '%' && i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(raw[i + 2], 16);
            plain.append((char) (low < 0 ? raw[i] & 0xff : high << 4 | low));
            i += low < 0 ? 0 : 2;
        }
        return plain.toString().toLowerCase(Locale.ROOT);
    }

    /**
     * The dialect in which a request wants its answers: that of its path, or, where both APIs have the path or none is
     * known to have it, Anthropic's for those who name a version of its API, as all of its clients do.
     */
    public ApiDialect dialect(Headers headers) {
        return switch (whose) {
            case OPENAI -> ApiDialect.OPENAI;
            case ANTHROPIC -> ApiDialect.ANTHROPIC;
            case BOTH -> clientsDialect(headers);
        };
    }

    /**
     * The same for a path that may be malformed.
     *
     * @param path the raw path below the context path
     */
    static ApiDialect dialect(String path, Headers headers) {
        Surface surface = path.startsWith(BELOW) ? of("POST", path.substring(BELOW.length())) : UNKNOWN;
        return surface.dialect(headers);
    }

    /** The dialect that a client speaks, whatever path it asks for. */
    public static ApiDialect clientsDialect(Headers headers) {
        return headers.contains(ANTHROPIC_VERSION) ? ApiDialect.ANTHROPIC : ApiDialect.OPENAI;
    }

    public Operation operation() {
        return operation;
    }

    /** Whether it asks a model something, and its body says what. */
    public boolean isQuestion() {
        return resource == null && form != Form.ANY;
    }

    /** Whether a question without a model cannot be answered. */
    public boolean requiresModel() {
        return isQuestion() && model == Model.REQUIRED;
    }

    /** Whether a question may come as {@code multipart/form-data}. */
    public boolean takesMultipart() {
        return form != Form.JSON;
    }

    /** Whether bodies are content and nothing else: they name no model, and are streamed, never held. */
    public boolean isContent() {
        return resource == AccountResource.FILES;
    }

    /** What of the account it touches; null for what belongs to models. */
    public @Nullable AccountResource resource() {
        return resource;
    }
}
