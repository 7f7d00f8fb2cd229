package io.plano.proxy;

import io.plano.body.ByteSegments;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.http.RequestHead;
import io.plano.provider.ApiDialect;
import io.plano.provider.ModelFacts;
import io.plano.provider.ModelFacts.Ability;
import io.plano.provider.Provider;
import io.plano.provider.ProviderType;
import io.plano.provider.WireFormat;
import io.plano.proxy.answer.DroppedMembers;
import io.plano.route.Target;
import io.plano.translate.Translation;
import io.plano.translate.UpstreamModel;
import io.plano.translate.framing.Framing;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Step 7: a request whose provider speaks another format than its client. Stateless. */
final class RequestTranslator {
    private static final Logger log = LoggerFactory.getLogger(RequestTranslator.class);

    /** What Anthropic wants of a client that names none (API reference, "Versions"). */
    private static final String ANTHROPIC_VERSION = "2023-06-01";

    private static final byte[] TOOLS = ascii("\"tools\"");
    private static final byte[] EFFORT = ascii("reasoning_effort");
    private static final int EFFORT_ANCHOR = 9;
    private static final byte[] SEARCH = ascii("\"web_search_20");
    private static final int SEARCH_ANCHOR = 4;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private RequestTranslator() {}

    /**
     * The request in the provider's format, or null where the client's bytes can go out as they are.
     *
     * @throws GatewayException where the request is malformed, or asks for what that format cannot say
     */
    static @Nullable Translation translate(Exchange exchange, Target target) {
        WireFormat client = exchange.surface.chat();
        if (client == null) {
            return null;
        }
        WireFormat upstream = formatFor(exchange, target, client);
        if (upstream == client) {
            return null;
        }
        if (!exchange.head().method().equals("POST")) {
            throw onlyPost(target.provider());
        }
        String model = model(exchange, target);
        Translation translation = Translation.of(
                Codecs.of(client),
                exchange.body.chat(Codecs.of(client)),
                Codecs.of(upstream),
                new UpstreamModel(
                        model,
                        target.provider().type().quirks(),
                        target.provider().id(),
                        target.provider().type().factsOf(model)));
        if (log.isDebugEnabled() && !translation.dropped().isEmpty()) {
            log.debug("exchange {} loses {}", exchange.id, DroppedMembers.headerValue(translation.dropped()));
        }
        return translation;
    }

    /**
     * What has to be reserved before that target can be asked: nothing for a body that goes out as it came.
     *
     * @throws GatewayException where the body has more values than may be read
     */
    static long weigh(Exchange exchange, Target target) {
        if (isRead(exchange, target)) {
            return exchange.body.weigh(exchange.snapshot.limits().memory().maxJsonNodes());
        }
        Unwanted unwanted = unwanted(exchange, target);
        return unwanted == null ? 0 : exchange.body.weigh(unwanted);
    }

    private static boolean isRead(Exchange exchange, Target target) {
        if (CountTokens.isLocal(exchange, target)) {
            return true;
        }
        WireFormat client = exchange.surface.chat();
        return client != null && formatFor(exchange, target, client) != client;
    }

    private static String model(Exchange exchange, Target target) {
        String model = target.model() != null ? target.model() : exchange.modelAsked();
        return Objects.requireNonNullElse(model, "");
    }

    /** Where the provider has both of OpenAI's APIs, the model decides. */
    private static WireFormat formatFor(Exchange exchange, Target target, WireFormat client) {
        ProviderType type = target.provider().type();
        ByteSegments body = exchange.body.bytes();
        if (!type.letsModelDecide() || client == WireFormat.RESPONSES || body == null) {
            return type.formatFor(client);
        }
        ModelFacts facts = type.factsOf(model(exchange, target));
        return facts.limitsChat() ? type.formatFor(client, facts, needs(body, facts, client)) : type.formatFor(client);
    }

    /** What Chat Completions may refuse of this model: looked for only where it does. */
    private static Set<Ability> needs(ByteSegments body, ModelFacts facts, WireFormat client) {
        Set<Ability> needs = EnumSet.noneOf(Ability.class);
        boolean mayBeRefused = facts.cannot(Ability.CHAT_TOOLS);
        if (client == WireFormat.COMPLETIONS && mayBeRefused && body.indexOf(TOOLS, 0, 0) >= 0) {
            needs.add(Ability.CHAT_TOOLS_UNASKED);
            if (body.indexOf(EFFORT, EFFORT_ANCHOR, 0) >= 0) {
                needs.add(Ability.CHAT_TOOLS);
            }
        } else if (client == WireFormat.MESSAGES && facts.cannot(Ability.CHAT_SEARCH)) {
            if (body.indexOf(SEARCH, SEARCH_ANCHOR, 0) >= 0) {
                needs.add(Ability.CHAT_SEARCH);
            }
        }
        return needs;
    }

    /**
     * What has to be taken out of a conversation that goes out as it came: thoughts that the gateway made of another
     * provider's, and what this vendor refuses. Null if nothing ever has.
     */
    static @Nullable Unwanted unwanted(Exchange exchange, Target target) {
        WireFormat format = exchange.surface.conversation();
        if (format == null) {
            return null;
        }
        Provider provider = target.provider();
        // What a vendor refuses need not be refused by whoever speaks its API.
        boolean vendor = format == WireFormat.COMPLETIONS
                && provider.id().equals(provider.type().id());
        return new Unwanted(format, vendor ? provider.type().quirks().refuses() : Set.of());
    }

    private static GatewayException onlyPost(Provider provider) {
        return GatewayException.coded(
                FailureKind.UNSUPPORTED_FEATURE,
                "unsupported_api",
                "The provider of this model (" + provider.type().displayName()
                        + ") speaks another API; only POST requests can be translated for it.");
    }

    /** The client's headers without those that mean something to its own API only. */
    static Headers headers(RequestHead client, Translation translation) {
        ApiDialect upstream = translation.upstream().format().dialect();
        Headers own = client.headers();
        Headers.Builder headers = Headers.builder();
        for (int i = 0; i < own.size(); i++) {
            if (!upstream.isForeign(own.name(i))) {
                headers.add(own.name(i), own.value(i));
            }
        }
        headers.set("Content-Type", "application/json");
        headers.set(
                "Accept",
                translation.request().delivery().isStream() ? Framing.sse().mediaType() : "application/json");
        if (upstream == ApiDialect.ANTHROPIC && own.first("anthropic-version") == null) {
            headers.add("anthropic-version", ANTHROPIC_VERSION);
        }
        return headers.build();
    }
}
