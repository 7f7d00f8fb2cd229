package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.WireFormat;
import io.plano.translate.AnswerContext;
import io.plano.translate.Json;
import io.plano.translate.neutral.AnswerStart;
import io.plano.translate.neutral.Citation;
import io.plano.translate.neutral.Signature;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What whole answers and chunks have in common: the outermost members, and members that both spell alike. */
final class CompletionsEnvelope {
    /** For answers that are empty because a provider of another API declined and did not say why. */
    static final String DECLINED = "The model declined to answer.";

    private static final String ID_PREFIX = "chatcmpl-";
    /** OpenAI's service tiers: clients with closed lists fail on any other. */
    static final Set<String> TIERS = Set.of("auto", "default", "flex", "scale", "priority", "fast");

    private CompletionsEnvelope() {}

    /** The members that come first. */
    static ObjectNode open(AnswerStart start, AnswerContext context, String object) {
        ObjectNode node = Json.nodes().objectNode();
        String id = start.id().isEmpty() ? context.requestId() : start.id();
        String model = context.request().model();
        node.put("id", id.startsWith(ID_PREFIX) ? id : ID_PREFIX + id);
        node.put("object", object);
        node.put("created", start.created() > 0 ? start.created() : context.now());
        node.put("model", start.model().isEmpty() && model != null ? model : start.model());
        String tier = start.serviceTier();
        if (tier != null && TIERS.contains(tier)) {
            node.put("service_tier", tier);
        }
        return node;
    }

    /** The annotation for a source, or null for one that is no web page. */
    static @Nullable JsonNode annotation(Citation citation, int from, int to) {
        if (citation.source() == WireFormat.COMPLETIONS) {
            return citation.value();
        } else if (citation.url() == null) {
            return null;
        }
        ObjectNode node = Json.nodes().objectNode().put("type", "url_citation");
        String title = citation.title();
        node.putObject("url_citation")
                .put("url", citation.url())
                .put("title", title == null ? "" : title)
                .put("start_index", citation.start() < 0 ? from : citation.start())
                .put("end_index", citation.end() < 0 ? to : citation.end());
        return node;
    }

    /** LiteLLM's form of a thought with its proof, which its clients send back as it is. */
    static ObjectNode thinkingBlock(String text, @Nullable Signature signature) {
        ObjectNode node = Json.nodes().objectNode().put("type", "thinking").put("thinking", text);
        return signature == null ? node : node.put("signature", signature.wrap(WireFormat.COMPLETIONS));
    }

    /** LiteLLM's form of a thought that nobody may read. */
    static ObjectNode redactedBlock(Signature data) {
        return Json.nodes()
                .objectNode()
                .put("type", "redacted_thinking")
                .put("data", data.wrap(WireFormat.COMPLETIONS));
    }
}
