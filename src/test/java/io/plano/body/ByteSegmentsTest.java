package io.plano.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ByteSegmentsTest {
    @Property
    void spliceEqualsTheSameCutInOneArray(
            @ForAll @Size(max = 60) byte[] bytes,
            @ForAll @Size(max = 20) byte[] replacement,
            @ForAll @IntRange(min = 1, max = 61) int segment,
            @ForAll @IntRange(max = 60) int a,
            @ForAll @IntRange(max = 60) int b) {
        int start = Math.min(Math.min(a, b), bytes.length);
        int end = Math.min(Math.max(a, b), bytes.length);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.write(bytes, 0, start);
        expected.writeBytes(replacement);
        expected.write(bytes, end, bytes.length - end);

        ByteSegments spliced = Shredder.inSegmentsOf(segment, bytes).splice(start, end, replacement);

        assertThat(spliced.toByteArray()).isEqualTo(expected.toByteArray());
        assertThat(spliced.length()).isEqualTo(expected.size());
    }

    @Property
    void everyViewShowsTheSameBytes(
            @ForAll @Size(max = 60) byte[] bytes,
            @ForAll @IntRange(min = 1, max = 61) int segment,
            @ForAll @IntRange(max = 60) int from)
            throws IOException {
        ByteSegments body = Shredder.inSegmentsOf(segment, bytes);
        int start = Math.min(from, bytes.length);

        ByteArrayOutputStream written = new ByteArrayOutputStream();
        body.writeTo(written);
        ByteArrayOutputStream buffered = new ByteArrayOutputStream();
        for (ByteBuffer buffer : body.buffers()) {
            while (buffer.hasRemaining()) {
                buffered.write(buffer.get());
            }
        }
        assertThat(written.toByteArray()).isEqualTo(bytes);
        assertThat(buffered.toByteArray()).isEqualTo(bytes);
        assertThat(body.newInputStream().readAllBytes()).isEqualTo(bytes);
        assertThat(body.copyRange(start, bytes.length)).isEqualTo(Arrays.copyOfRange(bytes, start, bytes.length));
        for (int i = 0; i < bytes.length; i++) {
            assertThat(body.byteAt(i)).isEqualTo(bytes[i]);
        }
    }

    @Property
    void findsTheFirstOccurrenceOfAByte(
            @ForAll @Size(max = 100) byte[] bytes,
            @ForAll byte wanted,
            @ForAll @IntRange(min = 1, max = 101) int segment,
            @ForAll @IntRange(max = 110) int from) {
        long expected = -1;
        for (int i = bytes.length - 1; i >= from; i--) {
            expected = bytes[i] == wanted ? i : expected;
        }
        assertThat(Shredder.inSegmentsOf(segment, bytes).indexOf(wanted, from)).isEqualTo(expected);
    }

    @Property
    void findsLineEndsEightBytesAtATimeAsOneByOne(@ForAll @Size(max = 40) byte[] bytes, @ForAll byte seed) {
        if (bytes.length > 3) {
            bytes[Math.floorMod(seed, bytes.length)] = (byte) (seed % 2 == 0 ? '\n' : '\r');
        }
        int expected = 0;
        while (expected < bytes.length && bytes[expected] != '\n' && bytes[expected] != '\r') {
            expected++;
        }
        assertThat(ByteSearch.indexOfLineEnd(bytes, 0, bytes.length)).isEqualTo(expected);
    }

    @Test
    void sharesUntouchedSegmentsWhenSpliced() {
        byte[] first = new byte[1000];
        byte[] last = new byte[1000];

        ByteSegments spliced = ByteSegments.of(first, new byte[10], last).splice(1002, 1005, new byte[1]);

        assertThat(spliced.buffers().get(0).array()).isSameAs(first);
        assertThat(spliced.buffers().get(4).array()).isSameAs(last);
    }

    @Test
    void keepsWhatWasBuiltWhenMoreIsAdded() {
        ByteSegments.Builder builder = ByteSegments.builder();
        ByteSegments before = builder.write(new byte[] {1, 2}, 0, 2).build();
        builder.write(new byte[] {3}, 0, 1);

        assertThat(before.toByteArray()).containsExactly(1, 2);
        assertThat(builder.build().toByteArray()).containsExactly(1, 2, 3);
    }

    @Test
    void readsABodyOfAnnouncedLengthIntoOneSegment() throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(new byte[700]);
        ByteSegments.Builder builder = ByteSegments.builder(700);
        while (builder.readFrom(in) >= 0) {}

        assertThat(builder.build().buffers()).hasSize(1);
        assertThat(builder.length()).isEqualTo(700);
    }

    @Test
    void believesNoAnnouncedLengthBeyondOneSegment() {
        ByteSegments body =
                ByteSegments.builder(Long.MAX_VALUE).write(new byte[1], 0, 1).build();

        assertThat(body.buffers().get(0).array()).hasSize(ByteSegments.SEGMENT_SIZE);
    }

    @Test
    void refusesPositionsOutsideOfTheBody() {
        ByteSegments body = ByteSegments.of(new byte[3]);

        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> body.byteAt(3));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> body.splice(2, 4, new byte[0]));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> body.copyRange(2, 1));
    }
}
