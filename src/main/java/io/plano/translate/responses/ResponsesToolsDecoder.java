package io.plano.translate.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.plano.provider.WireFormat;
import io.plano.translate.MemberReader;
import io.plano.translate.neutral.Loss;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.ToolKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tools of one request: those of {@code tools}, and those that Codex adds with {@code additional_tools} items.
 *
 * <h2>Namespaces</h2>
 *
 * Other formats have none, so the tools in one stand beside all others, under their own names as far as these are free and
 * with the namespace in front if they are not. Their extras say where they came from; calls of them are written with the
 * namespace again, see {@link ResponsesClientTools}.
 *
 * <h2>Tools that the provider runs</h2>
 *
 * A web search is known everywhere. One that may not leave OpenAI's index ({@code external_web_access: false}, what Codex
 * asks for unless told otherwise) exists nowhere else and must not become one that may: without it the model answers from
 * what it knows. Codex's {@code tool_search} finds tools that Codex holds back; without it they stay back. An agent that
 * offers {@code image_generation} among its own tools works without it. Nothing of this changes what an answer means, so
 * these are dropped; every other such tool is what the client came for.
 */
final class ResponsesToolsDecoder {
    /** A tool by the names that the client calls it. */
    private record Address(String namespace, String name) {}

    /** The beginning of the types of all searches of the web. */
    private static final String SEARCH = "web_search";

    private final List<Tool> tools = new ArrayList<>();
    private final Map<Address, String> names = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private boolean choiceIsForeign;

    List<Tool> tools() {
        boolean agent = tools.stream().anyMatch(tool -> tool instanceof Tool.Function || tool instanceof Tool.Custom);
        return tools.stream().map(tool -> agent ? unpretentious(tool) : tool).toList();
    }

    private static Tool unpretentious(Tool tool) {
        return tool instanceof Tool.Native given
                        && "image_generation".equals(given.value().path("type").textValue())
                ? new Tool.Native(given.source(), given.value(), Loss.DROP)
                : tool;
    }

    /** The neutral name of a tool that the client calls by these names; one that is not among the tools keeps its own. */
    String name(@Nullable String namespace, String name) {
        return names.getOrDefault(new Address(namespace == null ? "" : namespace, name), name);
    }

    boolean knows(String namespace, String name) {
        return names.containsKey(new Address(namespace, name));
    }

    void add(List<MemberReader> definitions) {
        definitions.forEach(definition -> add(definition, null));
    }

    private void add(MemberReader tool, @Nullable ObjectNode namespace) {
        String type = tool.requiredString("type");
        switch (type) {
            case "function" -> addFunction(tool, namespace);
            case "custom" -> addCustom(tool, namespace);
            case "namespace" -> addAll(tool);
            default -> addHosted(tool, type);
        }
    }

    private void addAll(MemberReader namespace) {
        namespace.requiredString("name");
        ObjectNode described = (ObjectNode) namespace.node().deepCopy();
        described.remove("tools");
        namespace.objects("tools").forEach(tool -> add(tool, described));
    }

    private void addFunction(MemberReader tool, @Nullable ObjectNode namespace) {
        ResponsesExtras extras = new ResponsesExtras();
        String name = claim(tool.requiredString("name"), namespace, extras);
        JsonNode parameters = tool.any("parameters");
        if (parameters != null && !parameters.isObject()) {
            throw MemberReader.invalid(tool.pathOf("parameters"), "must be an object");
        }
        String description = tool.string("description");
        Boolean strict = tool.bool("strict");
        tools.add(new Tool.Function(
                name,
                description,
                parameters,
                strict == null ? Boolean.TRUE : strict,
                extras.restOf(tool).build()));
    }

    private void addCustom(MemberReader tool, @Nullable ObjectNode namespace) {
        ResponsesExtras extras = new ResponsesExtras();
        String name = claim(tool.requiredString("name"), namespace, extras);
        String description = tool.string("description");
        JsonNode format = tool.any("format");
        boolean free = format != null
                && format.size() == 1
                && "text".equals(format.path("type").textValue());
        tools.add(new Tool.Custom(
                name, description, free ? null : format, extras.restOf(tool).build()));
    }

    private String claim(String name, @Nullable ObjectNode namespace, ResponsesExtras extras) {
        String space = namespace == null ? "" : namespace.get("name").textValue();
        String neutral = taken.contains(name) && namespace != null ? space + "__" + name : name;
        taken.add(neutral);
        names.putIfAbsent(new Address(space, name), neutral);
        if (namespace != null) {
            extras.put(ResponsesClientTools.NAMESPACE, namespace);
            if (!neutral.equals(name)) {
                extras.putSilent(ResponsesClientTools.NAME, TextNode.valueOf(name));
            }
        }
        return neutral;
    }

    private void addHosted(MemberReader tool, String type) {
        boolean search = type.startsWith(SEARCH);
        JsonNode outside = tool.node().path("external_web_access");
        if (search && !(outside.isBoolean() && !outside.booleanValue())) {
            tools.add(webSearch(tool, type));
        } else {
            Loss loss = search || type.equals("tool_search") ? Loss.DROP : Loss.REFUSE;
            tools.add(new Tool.Native(WireFormat.RESPONSES, tool.node(), loss));
        }
    }

    private static Tool webSearch(MemberReader tool, String type) {
        ResponsesExtras extras = new ResponsesExtras();
        if (!type.equals(SEARCH)) {
            extras.putSilent("type", TextNode.valueOf(type));
        }
        // The default, said aloud.
        tool.bool("external_web_access");
        MemberReader filters = tool.object("filters");
        MemberReader place = tool.object("user_location");
        List<String> allowed = filters == null ? List.of() : filters.strings("allowed_domains");
        List<String> blocked = filters == null ? List.of() : filters.strings("blocked_domains");
        if (filters != null) {
            extras.restOf("filters", filters);
        }
        String size = tool.string("search_context_size");
        return new Tool.WebSearch(
                size,
                null,
                allowed,
                blocked,
                location(place),
                extras.restOf(tool).build());
    }

    private static @Nullable JsonNode location(@Nullable MemberReader place) {
        if (place == null) {
            return null;
        }
        ObjectNode flat = (ObjectNode) place.node().deepCopy();
        flat.remove("type");
        flat.properties().removeIf(member -> member.getValue().isNull());
        return flat.isEmpty() ? null : flat;
    }

    /** Reads {@code tool_choice}; null if the client does not say, or says what {@link #choiceIsForeign} tells. */
    @Nullable
    ToolChoice choice(MemberReader request) {
        JsonNode choice = request.node().get("tool_choice");
        if (choice == null || choice.isNull()) {
            return null;
        }
        if (choice.isTextual()) {
            return new ToolChoice(mode(choice.textValue(), request.pathOf("tool_choice")));
        }
        MemberReader object = MemberReader.of(choice, request.pathOf("tool_choice"));
        String type = object.requiredString("type");
        if (type.equals("allowed_tools")) {
            return allowed(object);
        }
        ToolChoice.Named named = named(object);
        choiceIsForeign = named == null;
        return named == null ? null : new ToolChoice(ToolChoice.Mode.REQUIRED, List.of(named));
    }

    /** Whether the client chose a tool that the provider runs, which no other format can say. */
    boolean choiceIsForeign() {
        return choiceIsForeign;
    }

    private @Nullable ToolChoice allowed(MemberReader choice) {
        ToolChoice.Mode mode = mode(choice.requiredString("mode"), choice.pathOf("mode"));
        List<ToolChoice.@Nullable Named> allowed =
                choice.objects("tools").stream().map(this::named).toList();
        choiceIsForeign = allowed.isEmpty() || allowed.stream().anyMatch(Objects::isNull);
        return choiceIsForeign
                ? null
                : new ToolChoice(
                        mode, allowed.stream().map(Objects::requireNonNull).toList());
    }

    private ToolChoice.@Nullable Named named(MemberReader tool) {
        String type = tool.requiredString("type");
        if (type.startsWith(SEARCH) && tools.stream().anyMatch(Tool.WebSearch.class::isInstance)) {
            return new ToolChoice.Named(ToolKind.WEB_SEARCH, type);
        }
        ToolKind kind = switch (type) {
            case "function" -> ToolKind.FUNCTION;
            case "custom" -> ToolKind.CUSTOM;
            default -> null;
        };
        return kind == null
                ? null
                : new ToolChoice.Named(kind, name(tool.string("namespace"), tool.requiredString("name")));
    }

    private static ToolChoice.Mode mode(String word, String path) {
        return switch (word) {
            case "auto" -> ToolChoice.Mode.AUTO;
            case "none" -> ToolChoice.Mode.NONE;
            case "required" -> ToolChoice.Mode.REQUIRED;
            default -> throw MemberReader.invalid(path, "must be one of auto, none, required");
        };
    }
}
