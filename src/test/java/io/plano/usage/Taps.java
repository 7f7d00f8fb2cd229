package io.plano.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.provider.Surface;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Feeds answers to taps, cut in every way. */
final class Taps {
    static final String JSON = "application/json";
    static final String EVENTS = "text/event-stream; charset=utf-8";

    /** How much is fed at most to try every place to cut one answer. */
    private static final long MOST_BYTES = 1 << 20;

    private Taps() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static UsageTap tap(Surface surface, String contentType) {
        return UsageTap.of(surface, contentType, List.of());
    }

    /** What the answer says, which must not depend on how it is cut, nor change. */
    static TokenUsage read(Surface surface, String contentType, String answer) {
        return read(() -> tap(surface, contentType), utf8(answer));
    }

    static TokenUsage read(Supplier<UsageTap> taps, byte[] answer) {
        byte[] original = answer.clone();
        TokenUsage usage = inPiecesOf(answer.length, taps.get(), answer);
        for (int size = 1; size < Math.min(answer.length, 12); size++) {
            assertSame(usage, inPiecesOf(size, taps.get(), answer), "in pieces of ", size);
        }
        int step = Math.max(1, (int) ((long) answer.length * answer.length / MOST_BYTES));
        for (int split = 1; split < answer.length; split += step) {
            UsageTap tap = taps.get();
            tap.accept(answer, 0, split);
            tap.accept(answer, split, answer.length - split);
            tap.end();
            assertSame(usage, tap.usage(), "split at ", split);
        }
        assertThat(answer).isEqualTo(original);
        return usage;
    }

    private static void assertSame(TokenUsage usage, TokenUsage cut, String how, int where) {
        if (!cut.equals(usage)) {
            assertThat(cut).as(how + where).isEqualTo(usage);
        }
    }

    static TokenUsage inPiecesOf(int size, UsageTap tap, byte[] answer) {
        for (int from = 0; from < answer.length; from += size) {
            tap.accept(ByteBuffer.wrap(Arrays.copyOfRange(answer, from, Math.min(from + size, answer.length))));
        }
        tap.end();
        return tap.usage();
    }
}
