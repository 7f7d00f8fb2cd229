package io.plano.demo;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One request to the stand-in provider, and what it is going to say. Looks for the few keys that matter with patterns,
 * which is enough for a stand-in: quotes inside of JSON strings are escaped, so message text cannot match.
 *
 * @param body the request's JSON
 * @param model as it stands in the JSON, escapes included
 * @param text the answer
 * @param id random hex digits
 * @param created seconds since 1970
 */
record StandInCall(String body, String model, String text, String id, long created) {
    private static final Pattern MODEL = Pattern.compile("\"model\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern STREAM = Pattern.compile("\"stream\"\\s*:\\s*true");
    private static final Pattern INCLUDE_USAGE = Pattern.compile("\"include_usage\"\\s*:\\s*true");
    private static final Pattern BETWEEN_TOKENS = Pattern.compile("(?= )");

    static StandInCall of(String body, List<StandInCredential> credentials) {
        Matcher model = MODEL.matcher(body);
        String payers =
                credentials.stream().map(StandInCredential::description).collect(Collectors.joining(" and by "));
        return new StandInCall(
                body,
                model.find() ? model.group(1) : "unknown",
                "Hello! This answer was paid by " + payers + ".",
                UUID.randomUUID().toString().replace("-", ""),
                Instant.now().getEpochSecond());
    }

    boolean isStream() {
        return STREAM.matcher(body).find();
    }

    boolean wantsUsage() {
        return INCLUDE_USAGE.matcher(body).find();
    }

    /** The answer in pieces as a model makes them: words with the space before them. */
    List<String> tokens() {
        return List.of(BETWEEN_TOKENS.split(text));
    }

    int outputTokens() {
        return tokens().size();
    }

    int inputTokens() {
        return Math.max(1, body.length() / 4);
    }
}
