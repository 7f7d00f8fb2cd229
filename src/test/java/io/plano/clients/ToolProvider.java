package io.plano.clients;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.testing.Reply;
import io.plano.testing.UpstreamRequest;
import java.util.List;

/**
 * A model with eyes and hands, in whichever API the request is of. It asks its tools for the weather and the time and says
 * what they answered; it fills in a form where one is wanted; it describes an image by its data URL.
 */
final class ToolProvider {
    static final String TOWN = "Zürich ☀️ \"Stadt\"";
    static final long POPULATION = 427_721;

    private ToolProvider() {}

    static Reply answer(UpstreamRequest request) {
        ProviderFormat format = switch (request.target().replaceFirst("\\?.*", "")) {
            case "/v1/chat/completions" -> new ChatProvider();
            case "/v1/messages" -> new MessagesProvider();
            case "/v1/responses" -> new ResponsesProvider();
            default -> throw new IllegalStateException("no such path: " + request.target());
        };
        JsonNode body = ProviderFormat.read(request.bodyText());
        List<String> results = format.toolResults(body);
        if (body.has("tools") && results.isEmpty()) {
            return format.reply(body, format.calls(TOWN), format.callStream(TOWN));
        }
        String text = format.wantsForm(body) ? form() : said(results, format.images(body));
        return format.reply(body, format.text(text), format.textStream(text));
    }

    /** What the model makes of it. */
    static String said(List<String> toolResults, List<String> images) {
        return "Tools: " + toolResults + "; images: " + images;
    }

    private static String form() {
        return "{\"name\":" + ProviderFormat.quoted(TOWN) + ",\"population\":" + POPULATION + "}";
    }
}
