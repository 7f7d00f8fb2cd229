package io.plano.translate.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plano.provider.CompletionsQuirks;
import io.plano.provider.CompletionsQuirks.Extension;
import io.plano.provider.ModelFacts;
import io.plano.provider.ModelFacts.Ability;
import io.plano.provider.WireFormat;
import io.plano.translate.CallArguments;
import io.plano.translate.UpstreamModel;
import io.plano.translate.neutral.ChatRequest;
import io.plano.translate.neutral.ClientFormat;
import io.plano.translate.neutral.Extras;
import io.plano.translate.neutral.Losses;
import io.plano.translate.neutral.MemberName;
import io.plano.translate.neutral.ToolNames;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all parts of the request encoder share: for whom they write, and what gets lost on the way. What a client of this
 * same format wrote goes out as it came, whether OpenAI would take it or not; what is translated is made to fit. One per
 * request; one thread.
 */
final class CompletionsRequestContext {
    private static final String CACHE_CONTROL = "cache_control";
    private static final int MAX_NAME = 64;

    /** Chat Completions refuses longer ids, although Responses does not. */
    private static final int MAX_CALL_ID = 40;

    final ChatRequest request;
    final Losses losses = new Losses();
    final ToolNames toolNames = new ToolNames(MAX_NAME);

    /** Tools of free text that have become functions, by the names that the provider gets. */
    final Set<String> customTools = new LinkedHashSet<>();

    private final CompletionsQuirks quirks;
    private final UpstreamModel upstream;

    CompletionsRequestContext(ChatRequest request, UpstreamModel upstream) {
        this.request = request;
        this.quirks = upstream.quirks();
        this.upstream = upstream;
    }

    /** The id of the provider. */
    String provider() {
        return upstream.provider();
    }

    /** Whether the model is known to refuse that. */
    boolean cannot(Ability ability) {
        return upstream.facts().cannot(ability);
    }

    ModelFacts facts() {
        return upstream.facts();
    }

    /** What is known of the client's format. */
    ClientFormat client() {
        return request.client();
    }

    /** Whether the client speaks this format too. */
    boolean isOwn() {
        return client().is(WireFormat.COMPLETIONS);
    }

    /** What the client calls it. */
    String name(MemberName member) {
        return client().name(member);
    }

    boolean accepts(Extension extension) {
        return quirks.accepts(extension);
    }

    String outputLimit() {
        return quirks.outputLimit();
    }

    /** Whether the server knows only the older name of the limit: it will know the newer hints as little. */
    boolean isOlderServer() {
        return !quirks.outputLimit().equals(CompletionsQuirks.OPENAI.outputLimit());
    }

    String toolName(String name) {
        return isOwn() ? name : toolNames.legal(name);
    }

    String callId(String id) {
        return isOwn() ? id : ToolNames.legal(id, MAX_CALL_ID);
    }

    String arguments(String given) {
        return isOwn() ? given : CallArguments.text(given, name(MemberName.TOOL_ARGUMENTS), losses);
    }

    /** Writes what can be written of them into the object, and accounts for the rest. */
    void extras(Extras extras, MemberName place, ObjectNode target) {
        extras(extras, name(place) + ".", target);
    }

    /** As {@link #extras(Extras, MemberName, ObjectNode)}, for the outermost object. */
    void extras(Extras extras, ObjectNode target) {
        extras(extras, "", target);
    }

    private void extras(Extras extras, String prefix, ObjectNode target) {
        RemainingMembers.writeBack(extras.of(WireFormat.COMPLETIONS), target);
        if (isForeign(extras)) {
            JsonNode mark = cacheControl(extras);
            if (mark != null) {
                target.set(CACHE_CONTROL, mark);
            }
            losses.leaveOut(mark == null ? extras : without(CACHE_CONTROL, extras), prefix);
        }
    }

    private static Extras without(String name, Extras extras) {
        Map<String, JsonNode> members = new LinkedHashMap<>(extras.members());
        members.remove(name);
        return new Extras(extras.source(), members, extras.essential(), extras.silent());
    }

    /** Accounts for extras that have no place at all. */
    void leaveOut(Extras extras, MemberName place) {
        losses.leaveOut(extras, name(place) + ".");
    }

    /** Whether anything of the extras would be written. */
    boolean writesAny(Extras extras) {
        return isForeign(extras) ? cacheControl(extras) != null : !extras.isEmpty();
    }

    private static boolean isForeign(Extras extras) {
        return !extras.isEmpty() && extras.source() != WireFormat.COMPLETIONS;
    }

    private @Nullable JsonNode cacheControl(Extras extras) {
        return accepts(Extension.CACHE_CONTROL) ? extras.get(CACHE_CONTROL) : null;
    }
}
