package io.plano.models;

import io.plano.credential.CredentialResolver;
import io.plano.credential.InboundCredentials;
import io.plano.credential.ResolvedCredential;
import io.plano.failure.GatewayException;
import io.plano.http.Headers;
import io.plano.http.ResponseCoding;
import io.plano.process.OwnThreads;
import io.plano.provider.ApiDialect;
import io.plano.provider.CredentialPlacement;
import io.plano.provider.Provider;
import io.plano.route.CredentialAudience;
import io.plano.snapshot.GatewaySnapshot;
import io.plano.translate.ModelEntry;
import io.plano.upstream.ProviderCalls;
import io.plano.upstream.UpstreamCall;
import io.plano.upstream.UpstreamRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the upstreams of wildcards which models they have, for {@code GET /v1/models}: all of them at once, each with the
 * credential that its own row resolves for this enquiry. Whoever fails, refuses, or takes longer than {@link #DEADLINE}
 * has none to add. Nothing waits; answers are kept for {@link ModelListCache#LIFETIME}, failures for {@link
 * ModelListCache#FAILURE_LIFETIME}. Safe for every thread.
 */
public final class ModelDiscovery implements AutoCloseable {
    /** Claude Code takes a list of models within three seconds or not at all. */
    static final Duration DEADLINE = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(ModelDiscovery.class);

    /** As much as Anthropic gives on one page; its own default is 20. */
    private static final String ANTHROPIC_PAGE = "limit=1000";

    /** For clients that name none, as those of OpenAI's API. */
    private static final String ANTHROPIC_VERSION = "2023-06-01";

    private final ProviderCalls calls;
    private final ModelListCache lists = new ModelListCache(System::nanoTime);
    private final OwnThreads timerThreads = new OwnThreads("plano-model-discovery");
    private final ScheduledThreadPoolExecutor timer;

    public ModelDiscovery(ProviderCalls calls) {
        this.calls = calls;
        this.timer = new ScheduledThreadPoolExecutor(1, timerThreads, new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
        boolean unused = timer.prestartCoreThread();
    }

    /**
     * On whose behalf the providers are asked.
     *
     * @param headers of the client's request
     */
    public record Enquiry(
            GatewaySnapshot snapshot, ApiDialect dialect, Headers headers, InboundCredentials credentials) {}

    private record Asked(Provider provider, CompletableFuture<List<String>> ids) {}

    /**
     * The models of these wildcards, in their order, as clients name them: {@code provider/id}.
     *
     * @param model the one model that the client asks for, which says whom its credential is meant for; null for all
     * @return never fails; completed on any thread, perhaps on this one
     */
    public CompletableFuture<List<ModelEntry>> discover(
            Enquiry enquiry, List<Provider> wildcards, @Nullable String model) {
        List<Asked> asked = new ArrayList<>();
        for (Provider wildcard : wildcards) {
            ResolvedCredential credential = credential(enquiry, wildcard);
            if (credential == null
                    || (model == null && !CredentialAudience.includes(wildcard, credential, enquiry.snapshot()))) {
                continue;
            }
            UpstreamRequest request = request(enquiry.headers(), wildcard, credential);
            if (request != null) {
                ModelListCache.Key key = ModelListCache.Key.of(wildcard, credential.credential());
                asked.add(new Asked(wildcard, ask(key, request)));
            }
        }
        CompletableFuture<?>[] answers = asked.stream()
                .map(one -> one.ids().exceptionally(failure -> List.of()))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(answers).thenApply(all -> entries(asked, enquiry.snapshot()));
    }

    private static @Nullable ResolvedCredential credential(Enquiry enquiry, Provider provider) {
        try {
            return CredentialResolver.resolve(
                    provider.credentials(),
                    enquiry.credentials(),
                    enquiry.dialect().slotOrder());
        } catch (GatewayException missing) {
            return null;
        }
    }

    /** Null for an upstream that has no list in a shape that is understood. */
    private @Nullable UpstreamRequest request(Headers client, Provider provider, ResolvedCredential credential) {
        ApiDialect dialect = dialect(provider);
        if (!provider.type().speaks(dialect)) {
            return null;
        }
        Headers.Builder own = Headers.builder().add("Accept", "application/json");
        if (dialect == ApiDialect.ANTHROPIC) {
            String version = client.first("anthropic-version");
            own.add("anthropic-version", version != null ? version : ANTHROPIC_VERSION);
            client.all("anthropic-beta").forEach(beta -> own.add("anthropic-beta", beta)); // OAuth tokens need theirs
        }
        ProviderCalls.Draft draft = new ProviderCalls.Draft(
                "GET",
                provider.target("models", null, dialect == ApiDialect.ANTHROPIC ? ANTHROPIC_PAGE : null),
                own.build(),
                ProviderCalls.Body.NONE,
                ResponseCoding.IDENTITY,
                dialect);
        return calls.request(provider, draft, credential.credential());
    }

    /** Anthropic speaks OpenAI's API for chats, not for lists; its own is told by the version that it wants named. */
    private static ApiDialect dialect(Provider provider) {
        Map<ApiDialect, CredentialPlacement> placements = provider.type().placements();
        CredentialPlacement anthropic = placements.get(ApiDialect.ANTHROPIC);
        boolean wantsVersion = anthropic != null && anthropic.versionHeader() != null;
        return wantsVersion || !placements.containsKey(ApiDialect.OPENAI) ? ApiDialect.ANTHROPIC : ApiDialect.OPENAI;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what follows from the end has no value
    private CompletableFuture<List<String>> ask(ModelListCache.Key key, UpstreamRequest request) {
        CompletableFuture<List<String>> candidate = new CompletableFuture<>();
        CompletableFuture<List<String>> ids = lists.claim(key, candidate);
        if (ids == candidate) {
            try {
                send(request, candidate);
            } catch (Throwable defect) { // whoever asks for this list next must not wait for it
                candidate.completeExceptionally(defect);
            }
            candidate.whenComplete((list, failure) -> {
                if (failure != null) {
                    lists.failed(key, candidate);
                    log.debug("{} did not list its models: {}", key.endpoint().authority(), failure.toString());
                }
            });
        }
        return ids;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what follows from the end has no value
    private void send(UpstreamRequest request, CompletableFuture<List<String>> ids) {
        ScheduledFuture<?> deadline = timer.schedule(
                () -> ids.completeExceptionally(new TimeoutException("no list within " + DEADLINE)),
                DEADLINE.toMillis(),
                TimeUnit.MILLISECONDS);
        UpstreamCall call = calls.send(request, null, new ModelListAnswer(ids));
        ids.whenComplete((list, failure) -> {
            deadline.cancel(false);
            call.abort(); // does nothing where the answer is complete
        });
    }

    /** Without what the file has an entry of its own for: that is listed already, under its own name. */
    private static List<ModelEntry> entries(List<Asked> asked, GatewaySnapshot snapshot) {
        List<ModelEntry> entries = new ArrayList<>();
        for (Asked one : asked) {
            Provider provider = one.provider();
            for (String id : one.ids().isCompletedExceptionally()
                    ? List.<String>of()
                    : one.ids().join()) {
                String name = provider.id() + "/" + id;
                if (provider.wildcardModel(name) != null && !isNamed(snapshot, provider.id(), id)) {
                    entries.add(new ModelEntry(name, provider.type().displayName()));
                }
            }
        }
        return List.copyOf(entries);
    }

    private static boolean isNamed(GatewaySnapshot snapshot, String providerId, String model) {
        return snapshot.providers().stream()
                .anyMatch(provider -> provider.id().equals(providerId) && model.equals(provider.model()));
    }

    /** Stops the timer; calls under way end with the upstream client. */
    @Override
    public void close() {
        timer.shutdownNow();
        timerThreads.awaitEnd(Duration.ofSeconds(1));
    }
}
