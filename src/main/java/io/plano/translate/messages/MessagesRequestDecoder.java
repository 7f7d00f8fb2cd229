package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.provider.WireFormat;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.Account;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Reasoning;
import io.plano.translate.neutral.Sampling;
import io.plano.translate.neutral.Turn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request of the Messages API. {@code system} becomes the first turn; a {@code role: system} message stays where it
 * is. {@code max_tokens} may be missing, as it is in requests to count tokens. Members of nested objects without a neutral
 * meaning are kept under their path, {@code output_config.task_budget}. One per request.
 */
final class MessagesRequestDecoder {
    /** Without these the answer would be made of something else: some stand for what the provider holds. */
    private static final Set<String> ESSENTIAL =
            Set.of("mcp_servers", "container", Losses.THREAD, "previous_message_id", "conversation", "session_id");

    private final MemberReader body;
    private final Map<String, JsonNode> extras = new LinkedHashMap<>();
    private final Set<String> essential = new LinkedHashSet<>();

    MessagesRequestDecoder(byte[] document) {
        body = MemberReader.ofDocument(document);
    }

    ChatRequest decode() {
        String model = body.string("model");
        ChatRequest.Delivery delivery = Boolean.TRUE.equals(body.bool("stream"))
                ? ChatRequest.Delivery.STREAM_WITH_USAGE
                : ChatRequest.Delivery.WHOLE;
        List<Turn> turns = turns();
        MessagesToolsDecoder tools = new MessagesToolsDecoder(body);
        Sampling sampling = sampling();
        MemberReader outputConfig = body.object("output_config");
        Reasoning reasoning = reasoning(outputConfig);
        OutputForm output = outputForm(outputConfig);
        keepRest("output_config", outputConfig);
        Account account = account();
        return new ChatRequest(
                MessagesClientFormat.INSTANCE,
                model,
                delivery,
                turns,
                tools.decode(this::keepRest),
                sampling,
                reasoning,
                output,
                account,
                extras());
    }

    private Extras extras() {
        Extras rest = body.rest(WireFormat.MESSAGES, ESSENTIAL);
        extras.putAll(rest.members());
        essential.addAll(rest.essential());
        return extras.isEmpty() ? Extras.NONE : new Extras(WireFormat.MESSAGES, extras, essential);
    }

    private void keepRest(String name, @Nullable MemberReader object) {
        if (object != null) {
            object.rest(WireFormat.MESSAGES).members().forEach((key, value) -> extras.put(name + "." + key, value));
        }
    }

    private List<Turn> turns() {
        List<Turn> turns = new ArrayList<>();
        List<Part> system = MessagesContentDecoder.system(body);
        if (!system.isEmpty()) {
            turns.add(new Turn(Turn.Role.SYSTEM, system));
        }
        if (!body.has("messages")) {
            throw MemberReader.invalid("messages", "is required");
        }
        for (MemberReader message : body.objects("messages")) {
            Turn.Role role = role(message);
            if (!message.has("content")) {
                throw MemberReader.invalid(message.pathOf("content"), "is required");
            }
            List<Part> parts = MessagesContentDecoder.content(message, role);
            addTurns(turns, role, parts, message.rest(WireFormat.MESSAGES));
        }
        return turns;
    }

    private static Turn.Role role(MemberReader message) {
        return switch (message.requiredString("role")) {
            case "user" -> Turn.Role.USER;
            case "assistant" -> Turn.Role.ASSISTANT;
            case "system" -> Turn.Role.SYSTEM;
            default -> throw MemberReader.invalid(message.pathOf("role"), "must be user, assistant or system");
        };
    }

    /** One turn, or several if the results of tools and other parts alternate. */
    private static void addTurns(List<Turn> turns, Turn.Role role, List<Part> parts, Extras extras) {
        int from = 0;
        for (int i = 1; i < parts.size(); i++) {
            if (role == Turn.Role.USER && isResult(parts.get(i)) != isResult(parts.get(i - 1))) {
                turns.add(new Turn(role, parts.subList(from, i), from == 0 ? extras : Extras.NONE));
                from = i;
            }
        }
        turns.add(new Turn(role, parts.subList(from, parts.size()), from == 0 ? extras : Extras.NONE));
    }

    private static boolean isResult(Part part) {
        return part instanceof Part.ToolResult;
    }

    private Sampling sampling() {
        return new Sampling(
                body.integer("max_tokens"),
                body.number("temperature"),
                body.number("top_p"),
                body.integer("top_k"),
                body.strings("stop_sequences"),
                null);
    }

    private @Nullable Reasoning reasoning(@Nullable MemberReader outputConfig) {
        String effort = outputConfig == null ? null : outputConfig.string("effort");
        MemberReader thinking = body.object("thinking");
        if (thinking == null) {
            return effort == null ? null : new Reasoning(Reasoning.Mode.EFFORT, effort, null, null);
        }
        Reasoning.Mode mode = switch (thinking.requiredString("type")) {
            case "enabled" -> Reasoning.Mode.BUDGET;
            case "adaptive" -> Reasoning.Mode.ADAPTIVE;
            case "disabled" -> Reasoning.Mode.OFF;
            default -> throw MemberReader.invalid(thinking.pathOf("type"), "must be enabled, adaptive or disabled");
        };
        Reasoning reasoning =
                new Reasoning(mode, effort, thinking.integer("budget_tokens"), thinking.string("display"));
        keepRest("thinking", thinking);
        return reasoning;
    }

    /** {@code output_format} is what {@code output_config.format} was called before. */
    private OutputForm outputForm(@Nullable MemberReader outputConfig) {
        MemberReader former = body.object("output_format");
        MemberReader format = outputConfig == null ? null : outputConfig.object("format");
        if (format == null) {
            format = former;
        }
        if (format == null) {
            return OutputForm.UNSAID;
        }
        JsonNode schema = format.any("schema");
        if (!"json_schema".equals(format.requiredString("type")) || schema == null) {
            throw MemberReader.invalid(format.path(), "must be a json_schema with a schema");
        }
        keepRest("output_config.format", format);
        return new OutputForm(OutputForm.Kind.JSON_SCHEMA, new OutputForm.Schema(null, null, schema, null), null);
    }

    private Account account() {
        MemberReader metadata = body.object("metadata");
        String user = metadata == null ? null : metadata.string("user_id");
        keepRest("metadata", metadata);
        return new Account(user, null, null, body.string("service_tier"), null, null);
    }
}
