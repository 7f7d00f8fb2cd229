package io.plano.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.credential.AccountResource;
import io.plano.http.Headers;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SurfaceTest {
    private static final Headers ANTHROPICS = Headers.of("anthropic-version", "2023-06-01");

    @ParameterizedTest
    @CsvSource({
        "chat/completions, CHAT_COMPLETIONS",
        "completions, COMPLETIONS",
        "embeddings, EMBEDDINGS",
        "responses, RESPONSES",
        "responses/compact, COMPACTION",
        "responses/input_tokens, INPUT_TOKENS",
        "messages, MESSAGES",
        "messages/count_tokens, COUNT_TOKENS",
        "images/generations, IMAGES",
        "images/edits, IMAGE_EDITS",
        "images/variations, IMAGE_VARIATIONS",
        "audio/speech, SPEECH",
        "audio/transcriptions, TRANSCRIPTIONS",
        "audio/translations, TRANSLATIONS",
        "moderations, MODERATIONS",
        "rerank, RERANK"
    })
    void aPostInExactlyThisSpellingAsksAModel(String suffix, Surface surface) {
        assertThat(Surface.of("POST", suffix)).isEqualTo(surface);
        assertThat(surface.isQuestion()).isTrue();
        assertThat(Surface.of("POST", suffix).resource()).isNull();
        for (String method : new String[] {"GET", "HEAD", "PUT", "PATCH", "DELETE", "QUERY", "post", "PURGE"}) {
            assertThat(Surface.of(method, suffix).resource()).as(method).isNotNull();
        }
        for (String spelling : new String[] {
            suffix + "/",
            suffix + "/x",
            suffix + "x",
            suffix.toUpperCase(),
            escaped(suffix),
            "/" + suffix,
            suffix + "%20",
            suffix + "."
        }) {
            assertThat(Surface.of("POST", spelling).resource()).as(spelling).isNotNull();
        }
    }

    private static String escaped(String suffix) {
        int last = suffix.length() - 1;
        return suffix.substring(0, last) + "%" + Integer.toHexString(suffix.charAt(last));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, chat/completions, STORED_COMPLETIONS",
        "GET, chat/completions/c1/messages, STORED_COMPLETIONS",
        "POST, chat/completions/c1, STORED_COMPLETIONS",
        "GET, responses, STORED_RESPONSES",
        "DELETE, responses/r1, STORED_RESPONSES",
        "POST, responses/r1/cancel, STORED_RESPONSES",
        "POST, responses/compact/, STORED_RESPONSES",
        "POST, messages/batches, BATCHES",
        "GET, messages/batches/b/results, BATCHES",
        "GET, messages, OTHER",
        "POST, messages/x, OTHER",
        "POST, messagesX, OTHER",
        "POST, files, FILES",
        "GET, files/f/content, FILES",
        "GET, files/, FILES",
        "GET, FILES, FILES",
        "GET, %66iles/x, FILES",
        "GET, %46I%6ces, FILES",
        "POST, uploads/u/parts, FILES",
        "POST, batches, BATCHES",
        "GET, conversations/c/items, CONVERSATIONS",
        "POST, fine_tuning/jobs, FINE_TUNING",
        "DELETE, models/ft:gpt-4o:x, FINE_TUNING",
        "POST, models, FINE_TUNING",
        "GET, Models, FINE_TUNING",
        "POST, vector_stores/v/search, VECTOR_STORES",
        "POST, threads/t/runs, ASSISTANTS",
        "GET, evals, EVALS",
        "GET, containers/c/files, CONTAINERS",
        "POST, videos, VIDEOS",
        "POST, realtime/client_secrets, REALTIME",
        "GET, skills, SKILLS",
        "GET, organization/admin_api_keys, ADMINISTRATION",
        "GET, organizations/api_keys, ADMINISTRATION",
        "GET, usage, ADMINISTRATION",
        "GET, filesystem, OTHER",
        "POST, images/generations/x, OTHER",
        "GET, audio/speech, OTHER",
        "PUT, embeddings, OTHER",
        "POST, load_lora_adapter, OTHER"
    })
    void everythingElseIsAResourceOfTheAccount(String method, String suffix, AccountResource resource) {
        assertThat(Surface.of(method, suffix).resource()).isEqualTo(resource);
        assertThat(Surface.of(method, suffix).isQuestion()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"models", "models/", "models/gpt-4o", "models/org/model"})
    void theListOfModelsIsOpenToReaders(String suffix) {
        assertThat(Surface.of("GET", suffix)).isEqualTo(Surface.MODEL_LIST);
        assertThat(Surface.of("HEAD", suffix)).isEqualTo(Surface.MODEL_LIST);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/messages, ANTHROPIC, ANTHROPIC",
        "/v1/messages/x, ANTHROPIC, ANTHROPIC",
        "/v1/messagesX, OPENAI, ANTHROPIC",
        "/v1/models, OPENAI, ANTHROPIC",
        "/v1/models/m, OPENAI, ANTHROPIC",
        "/v1/files, OPENAI, ANTHROPIC",
        "/v1/skills/s, OPENAI, ANTHROPIC",
        "/v1/whatever, OPENAI, ANTHROPIC",
        "/v1/chat/completions, OPENAI, OPENAI",
        "/v1/embeddings, OPENAI, OPENAI",
        "/v1/images/edits, OPENAI, OPENAI",
        "/v1/responses/r1, OPENAI, OPENAI",
        "/v1/batches, OPENAI, OPENAI",
        "/v1, OPENAI, ANTHROPIC",
        "/v1/%zz, OPENAI, ANTHROPIC",
        "'', OPENAI, ANTHROPIC"
    })
    void answersInTheDialectOfThePathAndOtherwiseInTheClients(String path, ApiDialect plain, ApiDialect anthropics) {
        assertThat(Surface.dialect(path, Headers.EMPTY)).isEqualTo(plain);
        assertThat(Surface.dialect(path, ANTHROPICS)).isEqualTo(anthropics);
    }

    @Test
    void aQuestionIsNoResourceAndEveryResourceHasItsWord() {
        assertThat(Surface.values()).allMatch(surface -> !(surface.isQuestion() && surface.resource() != null));
        assertThat(Surface.values())
                .filteredOn(surface -> !surface.isQuestion() && surface.resource() == null)
                .containsExactly(Surface.MODEL_LIST);
        assertThat(Stream.of(Surface.values()).map(Surface::resource)).contains(AccountResource.values());
        for (AccountResource resource : AccountResource.values()) {
            @Nullable AccountResource found = AccountResource.of(resource.configName());
            assertThat(found).isEqualTo(resource);
        }
        assertThat(AccountResource.of("Files")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        // surface, chat, served by a provider of chat | responses | messages | no chats
        "CHAT_COMPLETIONS, COMPLETIONS, true, true, true, false",
        "RESPONSES, RESPONSES, true, true, true, false",
        "MESSAGES, MESSAGES, true, true, true, false",
        "COUNT_TOKENS, , true, true, true, false",
        "COMPACTION, , false, true, false, false",
        "INPUT_TOKENS, , false, true, false, false",
        "STORED_RESPONSES, , false, true, false, false",
        "STORED_COMPLETIONS, , true, false, false, false",
        "EMBEDDINGS, , true, true, false, false",
        "FILES, , true, true, false, true",
    })
    void theTableSaysWhoCanTakeIt(
            Surface surface,
            @Nullable WireFormat chat,
            boolean completions,
            boolean responses,
            boolean messages,
            boolean none) {
        assertThat(surface.chat()).isEqualTo(chat);
        assertThat(surface.isServedBy(type(WireFormat.COMPLETIONS), ApiDialect.OPENAI))
                .isEqualTo(completions);
        assertThat(surface.isServedBy(type(WireFormat.RESPONSES), ApiDialect.OPENAI))
                .isEqualTo(responses);
        assertThat(surface.isServedBy(type(WireFormat.MESSAGES), ApiDialect.OPENAI))
                .isEqualTo(messages);
        assertThat(surface.isServedBy(type(), ApiDialect.OPENAI)).isEqualTo(none);
    }

    @Test
    void theGatewayCountsForThoseWhoHaveNoSuchThing() {
        assertThat(Surface.COUNT_TOKENS.isAnsweredFor(type(WireFormat.COMPLETIONS)))
                .isTrue();
        assertThat(Surface.COUNT_TOKENS.isAnsweredFor(type(WireFormat.MESSAGES)))
                .isFalse();
        assertThat(Surface.MESSAGES.isAnsweredFor(type(WireFormat.COMPLETIONS))).isFalse();
    }

    private static ProviderType type(WireFormat... apis) {
        boolean isAnthropics = apis.length > 0 && apis[0] == WireFormat.MESSAGES;
        return new ProviderType(
                "x",
                "X",
                null,
                "/v1",
                ProviderType.PLAIN_PATH,
                Map.of(isAnthropics ? ApiDialect.ANTHROPIC : ApiDialect.OPENAI, CredentialPlacement.BEARER),
                List.of(apis),
                CompletionsQuirks.OPENAI);
    }
}
