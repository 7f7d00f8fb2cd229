package io.plano.proxy;

import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.http.RequestHead;
import io.plano.provider.ApiDialect;
import io.plano.provider.Provider;
import io.plano.provider.WireFormat;
import io.plano.proxy.answer.DroppedMembers;
import io.plano.route.Target;
import io.plano.translate.Translation;
import io.plano.translate.UpstreamModel;
import io.plano.translate.framing.Framing;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Step 7: a request whose provider speaks another format than its client. Stateless. */
final class RequestTranslator {
    private static final Logger log = LoggerFactory.getLogger(RequestTranslator.class);

    /** What Anthropic wants of a client that names none (API reference, "Versions"). */
    private static final String ANTHROPIC_VERSION = "2023-06-01";

    private RequestTranslator() {}

    /**
     * The request in the provider's format, or null where the client's bytes can go out as they are.
     *
     * @param model what the provider is asked for, or null
     * @throws GatewayException where the request is malformed, or asks for what that format cannot say
     */
    static @Nullable Translation translate(Exchange exchange, Target target, @Nullable String model) {
        WireFormat client = exchange.surface.chat();
        if (client == null) {
            return null;
        }
        WireFormat upstream = target.provider().type().formatFor(client);
        if (upstream == client) {
            return null;
        }
        if (!exchange.head().method().equals("POST")) {
            throw onlyPost(target.provider());
        }
        Translation translation = Translation.of(
                Codecs.of(client),
                exchange.body.chat(Codecs.of(client)),
                Codecs.of(upstream),
                new UpstreamModel(
                        Objects.requireNonNullElse(model, ""),
                        target.provider().type().quirks()));
        if (log.isDebugEnabled() && !translation.dropped().isEmpty()) {
            log.debug("exchange {} loses {}", exchange.id, DroppedMembers.headerValue(translation.dropped()));
        }
        return translation;
    }

    /**
     * What has to be reserved before that target can be asked: nothing for a body that goes out as it is.
     *
     * @throws GatewayException where the body has more values than may be read
     */
    static long weigh(Exchange exchange, Target target) {
        return isRead(exchange, target)
                ? exchange.body.weigh(exchange.snapshot.limits().memory().maxJsonNodes())
                : 0;
    }

    private static boolean isRead(Exchange exchange, Target target) {
        if (CountTokens.isLocal(exchange, target)) {
            return true;
        }
        WireFormat client = exchange.surface.chat();
        return client != null && target.provider().type().formatFor(client) != client;
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
