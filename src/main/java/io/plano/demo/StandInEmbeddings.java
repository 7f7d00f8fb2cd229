package io.plano.demo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code POST /v1/embeddings} of OpenAI: one short unit vector for each input. */
final class StandInEmbeddings {
    private static final float[] VECTOR = {0.5f, -0.5f, 0.5f, -0.5f};

    /** What OpenAI's own clients ask for unless told otherwise. */
    private static final Pattern BASE64 = Pattern.compile("\"encoding_format\"\\s*:\\s*\"base64\"");

    private static final Pattern INPUTS = Pattern.compile("\"input\"\\s*:\\s*\\[");
    private static final Pattern NEXT_INPUT = Pattern.compile("\\G\\s*,?\\s*\"(?:[^\"\\\\]|\\\\.)*+\"");

    private StandInEmbeddings() {}

    static String json(StandInCall call) {
        String vector = BASE64.matcher(call.body()).find() ? "\"" + base64() + "\"" : "[0.5,-0.5,0.5,-0.5]";
        StringJoiner data = new StringJoiner(",");
        for (int index = 0; index < inputs(call.body()); index++) {
            data.add("{\"object\":\"embedding\",\"index\":%d,\"embedding\":%s}".formatted(index, vector));
        }
        return "{\"object\":\"list\",\"data\":[%s],\"model\":\"%s\",\"usage\":{\"prompt_tokens\":%d,\"total_tokens\":%d}}"
                .formatted(data, call.model(), call.inputTokens(), call.inputTokens());
    }

    /** Strings in an array are several inputs; a string, and an array of token numbers, is one. */
    private static int inputs(String body) {
        Matcher array = INPUTS.matcher(body);
        if (!array.find()) {
            return 1;
        }
        Matcher input = NEXT_INPUT.matcher(body).region(array.end(), body.length());
        int count = 0;
        while (input.find()) {
            count++;
        }
        return Math.max(1, count);
    }

    private static String base64() {
        ByteBuffer bytes = ByteBuffer.allocate(VECTOR.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : VECTOR) {
            bytes.putFloat(value);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
