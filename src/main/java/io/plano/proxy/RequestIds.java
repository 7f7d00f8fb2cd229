package io.plano.proxy;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Ids of exchanges: the client's own where it is harmless, a random one otherwise. */
final class RequestIds {
    private static final int MAX_LENGTH = 128;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private RequestIds() {}

    /**
     * @param sent the client's {@code x-request-id}, or null
     */
    static String idFor(@Nullable String sent) {
        return sent != null && isUsable(sent) ? sent : random();
    }

    /** Ids go into headers and log lines, so only what is harmless in both is taken over. */
    private static boolean isUsable(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && "._:-/+=@".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** 128 random bits. They name, they protect nothing, so they need no secure source. */
    private static String random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        char[] id = new char[36];
        id[0] = 'r';
        id[1] = 'e';
        id[2] = 'q';
        id[3] = '_';
        hex(id, 4, random.nextLong());
        hex(id, 20, random.nextLong());
        return new String(id);
    }

    private static void hex(char[] target, int at, long bits) {
        for (int i = 0; i < 16; i++) {
            target[at + i] = HEX[(int) (bits >>> (60 - 4 * i)) & 15];
        }
    }
}
