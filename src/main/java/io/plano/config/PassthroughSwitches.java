package io.plano.config;

import io.plano.config.yaml.Position;
import io.plano.config.yaml.Problems;
import java.util.Locale;
import java.util.Map;

/**
 * The environment's say in whose credential goes upstream.
 *
 * @param passthrough {@code PASSTHROUGH_API_KEY}: providers that do not say otherwise pass the client's credential, and
 *     fall back to their own key
 * @param required {@code REQUIRE_PASSTHROUGH_KEY}: and there is no falling back
 */
record PassthroughSwitches(boolean passthrough, boolean required) {
    static final String PASSTHROUGH = "PASSTHROUGH_API_KEY";
    static final String REQUIRE = "REQUIRE_PASSTHROUGH_KEY";

    static PassthroughSwitches read(Map<String, String> environment, Problems problems) {
        boolean passthrough = isOn(PASSTHROUGH, environment, problems);
        boolean required = isOn(REQUIRE, environment, problems);
        if (required && !passthrough) {
            problems.error(
                    Position.START,
                    "",
                    "environment variable " + REQUIRE + "=true has no meaning without " + PASSTHROUGH
                            + "=true; set both or neither");
        }
        return new PassthroughSwitches(passthrough, required);
    }

    private static boolean isOn(String name, Map<String, String> environment, Problems problems) {
        String value = environment.getOrDefault(name, "").strip().toLowerCase(Locale.ROOT);
        return switch (value) {
            case "true", "1", "yes", "on" -> true;
            case "", "false", "0", "no", "off" -> false;
            default -> {
                problems.error(Position.START, "", "environment variable " + name + " must be true or false");
                yield false;
            }
        };
    }
}
