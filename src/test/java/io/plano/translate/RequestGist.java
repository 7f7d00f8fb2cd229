package io.plano.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.Media;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Part;
import io.plano.translate.neutral.Tool;
import io.plano.translate.neutral.ToolChoice;
import io.plano.translate.neutral.Turn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a request every format can say, so that requests in different formats can be compared: lines of text that
 * differ where the requests do.
 *
 * <p>Formats disagree about the order of some things, so these are put into one: system text comes first, the results of
 * tools stand before whatever else the user says in the same turn, pictures among them behind the results, and an
 * assistant's texts before its calls. Empty texts are left out, since Messages refuses them.
 *
 * @param system all system and developer text, one line end between pieces: whether they are joined is up to the format
 * @param turns what was said
 * @param tools name, description and schema
 * @param settings what else every format knows
 */
record RequestGist(String system, List<String> turns, List<String> tools, List<String> settings) {
    /** Chat Completions has text results only: other things follow as the user's, and say where they belong (§2.5 rule 3). */
    private static final String ATTACHMENT = "Attached to the result of ";

    /** Messages has no JSON mode, so the model is asked for it (§2.7). */
    private static final String JSON_MODE = "json object";

    private static final String JSON_INSTRUCTION =
            "Respond with a single valid JSON object and nothing else: no other text, no Markdown code fence.";

    private static final String PLACEHOLDER = "\\[(image|file) attached below]";

    static RequestGist of(ChatRequest request) {
        return new RequestGist(
                system(request), turns(request), tools(request.tools().tools()), settings(request));
    }

    /** What it becomes for providers of that format, where that is more or less than it was. */
    RequestGist in(WireFormat upstream) {
        return switch (upstream) {
            case COMPLETIONS -> withoutFreeText();
            case MESSAGES -> withoutFreeText().inMessages();
            case RESPONSES -> this;
        };
    }

    /** Few providers take tools of free text: they become functions with one string. */
    private RequestGist withoutFreeText() {
        String schema = "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},"
                + "\"required\":[\"input\"],\"additionalProperties\":false}";
        List<String> functions = tools.stream()
                .map(tool -> tool.startsWith("custom ") ? tool.replaceFirst("custom", "function") + " " + schema : tool)
                .toList();
        return new RequestGist(system, turns, functions, settings);
    }

    /** Messages wants somebody to speak, the tools of calls that were made (wire-spec §2.4 rule 6), and no free text. */
    private RequestGist inMessages() {
        Set<String> called = new LinkedHashSet<>();
        turns.stream()
                .filter(line -> line.startsWith("call "))
                .forEach(line -> called.add(line.replaceAll(".*, name=(.*), kind=.*", "$1")));
        if (settings.contains(JSON_MODE)) {
            List<String> rest = new ArrayList<>(settings);
            rest.remove(JSON_MODE);
            String instructed = (system + "\n" + JSON_INSTRUCTION).strip();
            return new RequestGist(instructed, turns, tools, rest).inMessages();
        }
        if (tools.isEmpty() && !called.isEmpty()) {
            List<String> choice = new ArrayList<>(settings);
            choice.add(0, "choice NONE []");
            List<String> known = called.stream()
                    .map(name -> "function " + name + "  {\"type\":\"object\"}")
                    .toList();
            return new RequestGist(system, turns, known, choice);
        }
        return turns.isEmpty() ? new RequestGist("", List.of("USER text " + system), tools, settings) : this;
    }

    private static String system(ChatRequest request) {
        StringBuilder text = new StringBuilder();
        for (Turn turn : request.turns()) {
            if (isSystem(turn)) {
                for (Part part : turn.parts()) {
                    text.append(part instanceof Part.Text piece ? piece.text() + "\n" : "");
                }
            }
        }
        return text.toString().strip().replaceAll("\\n+", "\n");
    }

    private static boolean isSystem(Turn turn) {
        return turn.role() == Turn.Role.SYSTEM || turn.role() == Turn.Role.DEVELOPER;
    }

    private static List<String> turns(ChatRequest request) {
        List<String> lines = new ArrayList<>();
        List<Part> together = new ArrayList<>();
        Map<String, String> callIds = new HashMap<>();
        Turn.@Nullable Role speaker = null;
        for (Turn turn : request.turns()) {
            if (isSystem(turn) || turn.parts().stream().noneMatch(RequestGist::isHeard)) {
                continue;
            }
            if (turn.role() != speaker) {
                say(speaker, together, lines, callIds);
                speaker = turn.role();
            }
            together.addAll(turn.parts());
        }
        say(speaker, together, lines, callIds);
        return lines;
    }

    /** Thoughts go to no other provider, and an empty text says nothing. */
    private static boolean isHeard(Part part) {
        if (part instanceof Part.Text text) {
            return !text.text().isBlank() && !text.text().startsWith(ATTACHMENT);
        }
        return !(part instanceof Part.Thought || part instanceof Part.RedactedThought || part instanceof Part.Native);
    }

    private static void say(
            Turn.@Nullable Role speaker, List<Part> parts, List<String> lines, Map<String, String> callIds) {
        if (speaker == Turn.Role.ASSISTANT) {
            joinTexts(parts);
        }
        Set<String> first = new LinkedHashSet<>();
        List<String> then = new ArrayList<>();
        List<String> last = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Part.ToolResult result) {
                first.add("result " + number(result.callId(), callIds) + " "
                        + text(result.content()).replaceAll(PLACEHOLDER, "").strip());
                result.content().stream()
                        .filter(piece -> !(piece instanceof Part.Text))
                        .forEach(piece -> then.add(speaker + " " + describe(piece)));
            } else if (part instanceof Part.ToolCall call) {
                last.add("call "
                        + AnswerGist.Call.of(number(call.id(), callIds), call.name(), call.kind(), call.arguments()));
            } else if (isHeard(part)) {
                then.add(speaker + " " + describe(part));
            }
        }
        parts.clear();
        lines.addAll(first);
        lines.addAll(then);
        lines.addAll(last);
    }

    /** Ids may have to become legal in another format: what counts is which call a result belongs to. */
    private static String number(String callId, Map<String, String> callIds) {
        return callIds.computeIfAbsent(callId, id -> "#" + callIds.size());
    }

    /** What the model said before is one text in Chat Completions. */
    private static void joinTexts(List<Part> parts) {
        String text = text(parts);
        if (!text.isBlank()) {
            parts.removeIf(Part.Text.class::isInstance);
            parts.add(0, new Part.Text(text));
        }
    }

    private static String text(List<Part> parts) {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append(part instanceof Part.Text piece ? piece.text() : ""));
        return text.toString();
    }

    private static String describe(Part part) {
        if (part instanceof Part.Text text) {
            return "text " + text.text().stripTrailing();
        } else if (part instanceof Part.Refusal refusal) {
            return "text " + refusal.text().stripTrailing();
        } else if (part instanceof Part.Image image) {
            return "image " + media(image.media());
        } else if (part instanceof Part.Document document) {
            return "document " + media(document.media());
        } else if (part instanceof Part.Audio audio) {
            return "audio " + audio.format() + " " + audio.base64().hashCode();
        }
        throw new AssertionError("a part that no other format knows: " + part);
    }

    private static String media(Media media) {
        if (media instanceof Media.PlainText plain) {
            byte[] bytes = plain.text().getBytes(StandardCharsets.UTF_8);
            return media(new Media.Inline(plain.mediaType(), Base64.getEncoder().encodeToString(bytes)));
        }
        return media instanceof Media.Inline inline
                ? inline.mediaType() + " " + inline.base64().length() + " "
                        + inline.base64().hashCode()
                : media.toString();
    }

    private static List<String> tools(List<Tool> tools) {
        List<String> lines = new ArrayList<>();
        for (Tool tool : tools) {
            if (tool instanceof Tool.Function function) {
                lines.add("function " + function.name() + " " + words(function.description()) + " "
                        + schema(function.parameters()));
            } else if (tool instanceof Tool.Custom custom) {
                lines.add("custom " + custom.name() + " " + words(custom.description()) + grammar(custom.format()));
            } else if (tool instanceof Tool.WebSearch) {
                lines.add("web search");
            }
        }
        return lines;
    }

    private static String grammar(@Nullable JsonNode format) {
        JsonNode definition = format == null ? null : format.findValue("definition");
        return definition == null
                ? ""
                : "\n\nThe input must match this " + format.findValue("syntax").asText() + " grammar:\n"
                        + definition.asText();
    }

    private static String words(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** No parameters at all, and an object without any, are the same thing. */
    private static String schema(@Nullable JsonNode parameters) {
        if (parameters == null || parameters.isEmpty()) {
            return "{\"type\":\"object\"}";
        }
        String text = Json.compact(parameters);
        return text.equals("{\"type\":\"object\",\"properties\":{}}") ? "{\"type\":\"object\"}" : text;
    }

    /** Whether an object is closed is not for every format to say: Claude knows only closed ones. */
    private static JsonNode closed(JsonNode schema) {
        JsonNode copy = schema.deepCopy();
        for (JsonNode parent : copy.findParents("additionalProperties")) {
            ((ObjectNode) parent).remove("additionalProperties");
        }
        if (copy instanceof ObjectNode root) {
            root.remove("$schema");
        }
        return copy;
    }

    private static List<String> settings(ChatRequest request) {
        List<String> lines = new ArrayList<>();
        ToolChoice choice = request.tools().choice();
        if (choice != null && choice.mode() != ToolChoice.Mode.AUTO) {
            lines.add("choice " + choice.mode() + " "
                    + choice.allowed().stream().map(ToolChoice.Named::name).toList());
        }
        OutputForm.Schema schema = request.output().schema();
        if (schema != null) {
            lines.add("schema " + Json.compact(closed(schema.schema())));
        }
        if (request.output().kind() == OutputForm.Kind.JSON_OBJECT) {
            lines.add(JSON_MODE);
        }
        lines.add(request.delivery().isStream() ? "stream" : "whole");
        return lines;
    }
}
