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
 * The one table of what stands below {@code /v1/}: which path with which method is what, in whose dialect and which
 * format, who can take it, and whether it asks a model or touches a resource of the account. The rows follow the API references of OpenAI and
 * Anthropic; {@code rerank} is Jina's, which vLLM and others adopted.
 *
 * <p>The model stands in the body, or in the path where its row says {@code {model}}; the rest follows from that.
 *
 * <h2>Strict for models, generous for resources</h2>
 *
 * A surface of a model is known by its exact spelling and its one method, {@code POST}: what is spelled or asked in any
 * other way is no question to a model, and a key of ours pays for nothing else. A resource is known by every spelling
 * that a server could take for it, in any letter case, percent-encoded, with whatever behind it: otherwise an odd
 * spelling would fall under {@link AccountResource#OTHER}, and a row that allows the one would open the other.
 */
public enum Surface {
    CHAT_COMPLETIONS("chat/completions", WireFormat.COMPLETIONS, Reach.TRANSLATED, Model.REQUIRED),
    COMPLETIONS("completions", Reach.AT_HOME),
    EMBEDDINGS("embeddings", Reach.AT_HOME),
    /** A stored prompt may name the model. */
    RESPONSES("responses", WireFormat.RESPONSES, Reach.TRANSLATED, Model.OPTIONAL),
    /** Codex shortens its history with it. */
    COMPACTION("responses/compact", WireFormat.RESPONSES, Reach.NATIVE, Model.REQUIRED),
    INPUT_TOKENS("responses/input_tokens", WireFormat.RESPONSES, Reach.NATIVE, Model.OPTIONAL),
    MESSAGES("messages", WireFormat.MESSAGES, Reach.TRANSLATED, Model.REQUIRED),
    COUNT_TOKENS("messages/count_tokens", WireFormat.MESSAGES, Reach.COUNTED, Model.REQUIRED),
    IMAGES("images/generations", Whose.OPENAI, Model.OPTIONAL, Form.JSON),
    IMAGE_EDITS("images/edits", Whose.OPENAI, Model.OPTIONAL, Form.JSON_OR_MULTIPART),
    IMAGE_VARIATIONS("images/variations", Whose.OPENAI, Model.OPTIONAL, Form.JSON_OR_MULTIPART),
    SPEECH("audio/speech", Whose.OPENAI, Model.REQUIRED, Form.JSON),
    TRANSCRIPTIONS("audio/transcriptions", Whose.OPENAI, Model.REQUIRED, Form.JSON_OR_MULTIPART),
    TRANSLATIONS("audio/translations", Whose.OPENAI, Model.REQUIRED, Form.JSON_OR_MULTIPART),
    MODERATIONS("moderations", Whose.OPENAI, Model.OPTIONAL, Form.JSON),
    RERANK("rerank", Whose.OPENAI, Model.REQUIRED, Form.JSON),

    /** {@code GET /v1/models} and {@code GET /v1/models/{id}}, answered by the gateway itself. */
    MODEL_LIST(),

    STORED_COMPLETIONS("chat/completions", WireFormat.COMPLETIONS, AccountResource.STORED_COMPLETIONS),
    STORED_RESPONSES("responses", WireFormat.RESPONSES, AccountResource.STORED_RESPONSES),
    MESSAGE_BATCHES("messages/batches", Whose.ANTHROPIC, AccountResource.BATCHES),
    OTHER_MESSAGES("messages", Whose.ANTHROPIC, AccountResource.OTHER),
    FILES("files", Whose.BOTH, AccountResource.FILES),
    UPLOADS("uploads", Whose.OPENAI, AccountResource.FILES),
    BATCHES("batches", Whose.OPENAI, AccountResource.BATCHES),
    CONVERSATIONS("conversations", Whose.OPENAI, AccountResource.CONVERSATIONS),
    FINE_TUNING("fine_tuning", Whose.OPENAI, AccountResource.FINE_TUNING),
    FINE_TUNES("fine-tunes", Whose.OPENAI, AccountResource.FINE_TUNING),
    /** {@code DELETE /v1/models/{id}} deletes what was trained. */
    MODEL_DELETION("models", Whose.BOTH, AccountResource.FINE_TUNING),
    VECTOR_STORES("vector_stores", Whose.OPENAI, AccountResource.VECTOR_STORES),
    ASSISTANTS("assistants", Whose.OPENAI, AccountResource.ASSISTANTS),
    THREADS("threads", Whose.OPENAI, AccountResource.ASSISTANTS),
    EVALS("evals", Whose.OPENAI, AccountResource.EVALS),
    CONTAINERS("containers", Whose.OPENAI, AccountResource.CONTAINERS),
    VIDEOS("videos", Whose.OPENAI, AccountResource.VIDEOS),
    SKILLS("skills", Whose.BOTH, AccountResource.SKILLS),
    REALTIME("realtime", Whose.OPENAI, AccountResource.REALTIME),
    ORGANIZATION("organization", Whose.OPENAI, AccountResource.ADMINISTRATION),
    /** Anthropic's Admin API. */
    ORGANIZATIONS("organizations", Whose.BOTH, AccountResource.ADMINISTRATION),
    PROJECTS("projects", Whose.OPENAI, AccountResource.ADMINISTRATION),
    USAGE("usage", Whose.OPENAI, AccountResource.ADMINISTRATION),
    DASHBOARD("dashboard", Whose.OPENAI, AccountResource.ADMINISTRATION),
    UNKNOWN("", Whose.BOTH, AccountResource.OTHER);

    /** Which providers can take it. */
    private enum Reach {
        /** A chat: whoever takes chats, translated if need be. */
        TRANSLATED,
        /** A question about a chat: whoever takes chats; the gateway answers for those who have no such thing. */
        COUNTED,
        /** A part of one API: whoever speaks that. */
        NATIVE,
        /** Whoever takes chats in a format of its dialect: who does not has nothing else of that vendor's either. */
        AT_HOME,
        /** Whoever speaks its dialect at all. */
        DIALECT
    }

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

    /** Whose API has the path; if both have it, the request's headers say in whose dialect it speaks. */
    private enum Whose {
        OPENAI,
        ANTHROPIC,
        BOTH
    }

    private static final String BELOW = "/v1/";
    private static final String ANTHROPIC_VERSION = "anthropic-version";
    private static final Map<String, Surface> QUESTIONS = questions();
    private static final List<Surface> WITH_MODEL = QUESTIONS.values().stream()
            .filter(surface -> surface.place.namesModel())
            .toList();
    private static final List<Surface> RESOURCES = resources();

    private final String path;
    private final SurfacePath place;
    private final @Nullable WireFormat format;
    private final Reach reach;
    private final Whose whose;
    private final Model model;
    private final Form form;
    private final @Nullable AccountResource resource;

    /** The path of a question in one of the formats of chats. */
    Surface(String path, WireFormat format, Reach reach, Model model) {
        this(path, format, reach, of(format), model, Form.JSON, null);
    }

    /** The path of a question of OpenAI's. */
    Surface(String path, Reach reach) {
        this(path, null, reach, Whose.OPENAI, Model.REQUIRED, Form.JSON, null);
    }

    /** The path of any other question to a model. */
    Surface(String path, Whose whose, Model model, Form form) {
        this(path, null, Reach.DIALECT, whose, model, form, null);
    }

    /** A path and all below it, with every method that no other row has. */
    Surface(String path, Whose whose, AccountResource resource) {
        this(path, null, Reach.DIALECT, whose, Model.OPTIONAL, Form.ANY, resource);
    }

    /** The same for what belongs to one of the formats of chats. */
    Surface(String path, WireFormat format, AccountResource resource) {
        this(path, format, Reach.NATIVE, of(format), Model.OPTIONAL, Form.ANY, resource);
    }

    Surface() {
        this("models", null, Reach.DIALECT, Whose.BOTH, Model.OPTIONAL, Form.ANY, null);
    }

    Surface(
            String path,
            @Nullable WireFormat format,
            Reach reach,
            Whose whose,
            Model model,
            Form form,
            @Nullable AccountResource resource) {
        this.path = path;
        this.place = SurfacePath.of(path);
        this.format = format;
        this.reach = reach;
        this.whose = whose;
        this.model = model;
        this.form = form;
        this.resource = resource;
    }

    private static Whose of(WireFormat format) {
        return format.dialect() == ApiDialect.ANTHROPIC ? Whose.ANTHROPIC : Whose.OPENAI;
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
        if (question == null && method.equals("POST")) {
            question = byModel(suffix);
        }
        if (question != null) {
            return question;
        }
        boolean isRead = method.equals("GET") || method.equals("HEAD");
        if (isRead && (suffix.equals(MODEL_LIST.path) || suffix.startsWith(MODEL_LIST.path + "/"))) {
            return MODEL_LIST;
        }
        return resource(suffix);
    }

    private static @Nullable Surface byModel(String suffix) {
        for (int i = 0; i < WITH_MODEL.size(); i++) {
            if (WITH_MODEL.get(i).place.modelIn(suffix) != null) {
                return WITH_MODEL.get(i);
            }
        }
        return null;
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
     * The dialect in which a request wants its answers, whose path may be malformed.
     *
     * @param path the raw path below the context path
     */
    public static ApiDialect dialect(String path, Headers headers) {
        Surface surface = path.startsWith(BELOW) ? of("POST", path.substring(BELOW.length())) : UNKNOWN;
        return surface.dialect(headers);
    }

    /** The dialect that a client speaks, whatever path it asks for. */
    public static ApiDialect clientsDialect(Headers headers) {
        return headers.contains(ANTHROPIC_VERSION) ? ApiDialect.ANTHROPIC : ApiDialect.OPENAI;
    }

    /** Where it stands below {@code /v1/}; empty for what has no row. */
    public String path() {
        return path;
    }

    /** Whether the model stands in the path, and the body says nothing of it. */
    public boolean namesModelInPath() {
        return place.namesModel();
    }

    /**
     * The model that the path of a request names; null if it has no place for one.
     *
     * @param suffix the path below {@code /v1/}, as it came in
     */
    public @Nullable String modelIn(String suffix) {
        return place.modelIn(suffix);
    }

    /**
     * The path of a request with another model in its place; the same path if it has no place for one.
     *
     * @throws io.plano.failure.GatewayException for a model that cannot be part of a path
     */
    public String pathWith(String suffix, @Nullable String model) {
        return place.with(suffix, model);
    }

    /**
     * The format of a chat; null for whatever else there is, which is never translated.
     */
    public @Nullable WireFormat chat() {
        return reach == Reach.TRANSLATED ? format : null;
    }

    /** The format of what a conversation's body says, whether a chat is asked for or a count of it; null for all else. */
    public @Nullable WireFormat conversation() {
        return reach == Reach.TRANSLATED || reach == Reach.COUNTED ? format : null;
    }

    /** Whether a provider can take it at all. */
    public boolean isServedBy(ProviderType type, ApiDialect dialect) {
        return switch (reach) {
            case TRANSLATED, COUNTED -> !type.apis().isEmpty();
            case NATIVE -> isNativeTo(type);
            case AT_HOME -> type.apis().stream().anyMatch(spoken -> spoken.dialect() == dialect);
            case DIALECT -> type.speaks(dialect);
        };
    }

    /** Whether a provider that can take it takes it as it comes: nothing of it can be lost there. */
    public boolean isNativeTo(ProviderType type) {
        return format == null || type.apis().contains(format);
    }

    /** Whether the gateway has to answer in the place of that provider, which has no such thing. */
    public boolean isAnsweredFor(ProviderType type) {
        return reach == Reach.COUNTED && !isNativeTo(type);
    }

    /** What a person calls the API that the path belongs to. */
    public String apiName(ApiDialect dialect) {
        return format != null && reach == Reach.NATIVE
                ? format.displayName()
                : dialect == ApiDialect.ANTHROPIC ? WireFormat.MESSAGES.displayName() : "OpenAI";
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
