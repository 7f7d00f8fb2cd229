package io.plano.translate.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.ModelFacts.Ability;
import io.plano.provider.WireFormat;
import io.plano.translate.EncodedRequest;
import io.plano.translate.Json;
import io.plano.translate.UpstreamModel;
import io.plano.translate.neutral.Account;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ClientFormat;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.OutputForm;
import io.plano.translate.neutral.Sampling;
import io.plano.translate.neutral.ToolNames;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a request of the Messages API. What this API requires and others do not is added: a limit for the answer. A
 * temperature above 1, which other APIs allow, becomes 1: this scale ends there, and a scaled value would mean something else
 * just as well. If the model thinks, or is one that takes no sampling parameters, they are left out. One per request.
 */
final class MessagesRequestEncoder {
    private static final int MAX_TOOL_NAME = 128;
    private static final int MAX_CACHE_MARKS = 4;
    private static final String GO_ON = "Continue.";
    private static final String JSON_ONLY =
            "Respond with a single valid JSON object and nothing else: no other text, no Markdown code fence.";

    /** Objects whose members without neutral meaning stand among the extras under their path. */
    private static final String[] NESTED = {
        "output_config.format.", "output_config.", "thinking.", "metadata.", "tool_choice."
    };

    private final ChatRequest request;
    private final UpstreamModel upstream;
    private final ClaudeModel claude;
    private final ClientFormat client;
    private final boolean own;
    private final Losses losses = new Losses();
    private final ToolNames names = new ToolNames(MAX_TOOL_NAME);
    private final ObjectNode body = Json.nodes().objectNode();

    /** Anthropic refuses stop sequences without a letter: the gateway ends the answer at them. */
    private final List<String> blankStops = new ArrayList<>();

    MessagesRequestEncoder(ChatRequest request, UpstreamModel upstream) {
        this.request = request;
        this.upstream = upstream;
        this.claude = ClaudeModel.of(upstream.model(), upstream.facts());
        this.client = request.client();
        this.own = client.is(WireFormat.MESSAGES);
    }

    EncodedRequest encode() {
        ThinkingPlan plan = ThinkingPlan.of(request, claude, losses);
        MessagesBlocksEncoder blocks = new MessagesBlocksEncoder(client, losses, names);
        MessagesToolsEncoder tools = new MessagesToolsEncoder(request, claude, blocks, losses, names);
        body.put("model", upstream.model());
        body.put("max_tokens", plan.maxTokens());
        boolean json = request.output().kind() == OutputForm.Kind.JSON_OBJECT;
        new MessagesTurnsEncoder(request, blocks).writeTo(body, json ? JSON_ONLY : null);
        speakLast();
        tools.writeTo(body);
        boolean byTool = !own && StructuredAnswer.isNeeded(request, claude);
        if (byTool) {
            writeStructuredAnswer(plan);
        }
        if (plan.thinking() != null) {
            body.set("thinking", plan.thinking());
        }
        writeOutputConfig(plan.effort());
        writeSampling(plan);
        writeAccount();
        if (request.delivery().isStream()) {
            body.put("stream", true);
        }
        writeExtras(blocks);
        limitCacheMarks();
        return new EncodedRequest(
                        Json.bytes(body),
                        losses.dropped(),
                        names.renamed(),
                        tools.customTools(),
                        byTool ? StructuredAnswer.TOOL : null)
                .endingAt(blankStops);
    }

    /** Newer models refuse to go on with a text of their own (400 "The conversation must end with a user message"). */
    private void speakLast() {
        ArrayNode messages = body.withArrayProperty("messages");
        JsonNode last = messages.path(messages.size() - 1);
        if (!own
                && last.path("role").asText("").equals("assistant")
                && upstream.facts().cannot(Ability.PREFILL)) {
            messages.addObject()
                    .put("role", "user")
                    .putArray("content")
                    .addObject()
                    .put("type", "text")
                    .put("text", GO_ON);
            losses.drop(client.name(MemberName.TURN) + ".prefill");
        }
    }

    /** Anthropic takes four; those behind all the others are worth the most, since each stands for all before it. */
    private void limitCacheMarks() {
        if (own) {
            return;
        }
        List<JsonNode> marked = new ArrayList<>();
        for (String member : new String[] {"tools", "system", "messages"}) {
            marked.addAll(body.path(member).findParents(MessagesBlocksEncoder.CACHE_CONTROL));
        }
        for (int i = 0; i < marked.size() - MAX_CACHE_MARKS; i++) {
            ((ObjectNode) marked.get(i)).remove(MessagesBlocksEncoder.CACHE_CONTROL);
            losses.drop(client.prefix(MemberName.CONTENT) + MessagesBlocksEncoder.CACHE_CONTROL);
        }
    }

    private void writeStructuredAnswer(ThinkingPlan plan) {
        OutputForm.Schema schema = request.output().schema();
        if (schema == null || !StructuredAnswer.isPossible(request, plan)) {
            throw Losses.unsupported(client.name(MemberName.OUTPUT_FORM));
        }
        StructuredAnswer.writeTo(body, schema);
    }

    private void writeOutputConfig(@Nullable String effort) {
        ObjectNode config = Json.nodes().objectNode();
        if (effort != null) {
            config.put("effort", effort);
        }
        OutputForm.Schema schema = request.output().schema();
        boolean known = own || !StructuredAnswer.isNeeded(request, claude);
        if (request.output().kind() == OutputForm.Kind.JSON_SCHEMA && schema != null && known) {
            JsonNode written = own ? schema.schema() : ClaudeSchema.rewritten(schema.schema());
            config.putObject("format").put("type", "json_schema").set("schema", written);
            if (!written.equals(schema.schema())) {
                losses.drop(client.name(MemberName.OUTPUT_FORM) + ".schema");
            }
            if (schema.description() != null) {
                losses.drop(client.name(MemberName.OUTPUT_DESCRIPTION));
            }
        }
        if (request.output().verbosity() != null) {
            losses.drop(client.name(MemberName.VERBOSITY));
        }
        if (!config.isEmpty()) {
            body.set("output_config", config);
        }
    }

    private void writeSampling(ThinkingPlan plan) {
        Sampling sampling = request.sampling();
        if (sampling.topLogprobs() != null) {
            throw Losses.unsupported(client.name(MemberName.LOGPROBS));
        }
        boolean mute = !own && (plan.isOn() || claude.sampling() == ClaudeModel.Sampling.NONE);
        writeTemperature(sampling.temperature(), mute);
        writeTopP(sampling, plan);
        if (sampling.topK() != null && mute) {
            losses.drop(client.name(MemberName.TOP_K));
        } else if (sampling.topK() != null) {
            body.put("top_k", sampling.topK());
        }
        writeStop(sampling);
    }

    private void writeTemperature(@Nullable BigDecimal temperature, boolean mute) {
        if (temperature == null) {
            return;
        }
        boolean neutral = temperature.compareTo(BigDecimal.ONE) == 0;
        if (!mute) {
            body.put("temperature", own ? temperature : temperature.min(BigDecimal.ONE));
        } else if (!neutral) {
            losses.drop(client.name(MemberName.TEMPERATURE));
        }
    }

    /** With thoughts it may not be below 0.95; newer models refuse it next to a temperature, the newest ones at all. */
    private void writeTopP(Sampling sampling, ThinkingPlan plan) {
        BigDecimal topP = sampling.topP();
        if (topP == null) {
            return;
        }
        boolean second = claude.sampling() == ClaudeModel.Sampling.ONE && body.has("temperature");
        boolean low = plan.isOn() && topP.compareTo(new BigDecimal("0.95")) < 0;
        if (own || (claude.sampling() != ClaudeModel.Sampling.NONE && !second && !low)) {
            body.put("top_p", topP);
        } else if (topP.compareTo(BigDecimal.ONE) != 0) {
            losses.drop(client.name(MemberName.TOP_P));
        }
    }

    private void writeStop(Sampling sampling) {
        if (sampling.stop().isEmpty()) {
            return;
        }
        ArrayNode stop = Json.nodes().arrayNode();
        for (String text : sampling.stop()) {
            if (text.isBlank() && !own) {
                blankStops.add(text);
            } else {
                stop.add(text);
            }
        }
        if (!stop.isEmpty()) {
            body.set("stop_sequences", stop);
        }
    }

    private void writeAccount() {
        Account account = request.account();
        writeUser(account);
        if (account.metadata() != null) {
            losses.drop(client.name(MemberName.METADATA));
        }
        if (account.promptCacheKey() != null) {
            losses.drop(client.name(MemberName.PROMPT_CACHE_KEY));
        }
        if (Boolean.TRUE.equals(account.store())) {
            losses.drop(client.name(MemberName.STORE));
        }
        String tier = account.serviceTier();
        if (tier == null) {
            return;
        } else if (own || tier.equals("auto")) {
            body.put("service_tier", tier);
        } else if (tier.equals("default")) {
            body.put("service_tier", "standard_only");
        } else {
            losses.drop(client.name(MemberName.SERVICE_TIER));
        }
    }

    /** Anthropic refuses ids that look like an address or a number of a person: others' are hashed. */
    private void writeUser(Account account) {
        String user = account.user() == null ? account.safetyIdentifier() : account.user();
        if (user != null) {
            body.putObject("metadata").put("user_id", own ? user : sha256(user));
        }
        if (account.user() != null && account.safetyIdentifier() != null) {
            losses.drop(client.name(MemberName.SAFETY_IDENTIFIER));
        }
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private void writeExtras(MessagesBlocksEncoder blocks) {
        if (!own) {
            blocks.extras(body, request.extras(), "");
            return;
        }
        for (Map.Entry<String, JsonNode> member :
                request.extras().of(WireFormat.MESSAGES).entrySet()) {
            place(member.getKey(), member.getValue());
        }
    }

    private void place(String path, JsonNode value) {
        for (String prefix : NESTED) {
            if (path.startsWith(prefix)) {
                String object = prefix.substring(0, prefix.length() - 1);
                ObjectNode target = body;
                for (String step : object.split("\\.", -1)) {
                    target = target.withObjectProperty(step);
                }
                target.set(path.substring(prefix.length()), value);
                return;
            }
        }
        body.set(path, value);
    }
}
