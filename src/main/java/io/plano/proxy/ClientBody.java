package io.plano.proxy;

import io.plano.body.BodyScan;
import io.plano.body.ByteSegments;
import io.plano.body.JsonNodes;
import io.plano.budget.Holding;
import io.plano.budget.MemoryBudget;
import io.plano.client.HeldBody;
import io.plano.client.RequestBridge;
import io.plano.failure.FailureKind;
import io.plano.failure.GatewayException;
import io.plano.http.BodyChange;
import io.plano.http.RequestHead;
import io.plano.http.UpstreamHead;
import io.plano.route.AttemptPlan;
import io.plano.translate.ApiCodec;
import io.plano.translate.ForeignMarks;
import io.plano.translate.JsonWeight;
import io.plano.translate.neutral.ChatRequest;
import org.jspecify.annotations.Nullable;

/**
 * The body of a client's request: none, or held because something in it has to be read, or streamed through. Attempts send
 * it as often as they like while it is held; what it takes in memory is reserved, and goes back with {@link #release}.
 * Owned by the step of its exchange that runs; only {@link #isReceived} may be asked by other threads.
 */
final class ClientBody {
    /** Small pieces on their way, and what is always there. */
    private static final int OWN_BYTES = 8 << 10;

    private static final int SMALL_BODY = MemoryBudget.SMALL - OWN_BYTES;

    private final RequestHead head;
    private final Holding holding;
    private volatile boolean received;
    private long length;
    private boolean decoded;
    private boolean streamed;
    private @Nullable ByteSegments bytes;
    private @Nullable BodyScan scan;
    private @Nullable ChatRequest chat;
    private long reserved;
    private long weight;
    private @Nullable Unwanted lookedFor;
    private boolean found;

    ClientBody(RequestHead head, Holding holding) {
        this.head = head;
        this.holding = holding;
        this.length = head.hasBody() ? head.contentLength() : 0;
    }

    /** What is reserved when an exchange opens: its own objects, and a small body, or the buffer of one that streams. */
    static long opening(RequestHead head) {
        return OWN_BYTES + openingForBody(head);
    }

    /** The part of that which is the body's. */
    static long openingForBody(RequestHead head) {
        if (!head.hasBody()) {
            return 0;
        }
        long declared = head.contentLength();
        return declared >= 0 && declared <= SMALL_BODY ? declared : RequestBridge.BUFFER_SIZE;
    }

    /** There is none. */
    void none() {
        received = true;
    }

    /**
     * All of it has come, and is held.
     *
     * @param held what is reserved for it beyond the opening
     */
    void held(ByteSegments body, long held) {
        length = body.length();
        bytes = body;
        reserved = held;
        received = true;
    }

    /**
     * Its content coding is undone.
     *
     * @param held what is reserved for the plain bytes, in place of what was reserved before
     */
    void decoded(ByteSegments plain, long held) {
        holding.release(reserved);
        reserved = held;
        bytes = plain;
        decoded = true;
    }

    /** It will not be held. */
    void streamed() {
        streamed = true;
    }

    boolean isStreamed() {
        return streamed;
    }

    /** Whether nothing more of it has to come. Any thread. */
    boolean isReceived() {
        return received;
    }

    /** In bytes, as received; -1 if it was streamed without a declared length. */
    long length() {
        return length;
    }

    AttemptPlan.Body repeatability() {
        return streamed ? AttemptPlan.Body.STREAMED : AttemptPlan.Body.HELD;
    }

    /** Looks for what it asks. */
    @Nullable
    BodyScan scan() {
        ByteSegments held = bytes;
        if (held != null && scan == null) {
            scan = BodyInspection.scan(head, held);
        }
        return scan;
    }

    /**
     * It as another model's, with nothing else changed; null if it is not held.
     *
     * @param model null for whatever it names
     */
    @Nullable
    ByteSegments withModel(@Nullable String model) {
        ByteSegments held = bytes;
        BodyScan known = scan;
        boolean isAsked = model == null || known == null || model.equals(known.model());
        return held == null || known == null || model == null || isAsked ? held : known.withModel(held, model);
    }

    /** What has to be reserved to take that out; nothing if there is none of it. */
    long weigh(Unwanted unwanted) {
        ByteSegments held = bytes;
        if (held == null) {
            return 0;
        }
        if (!unwanted.equals(lookedFor)) {
            found = ForeignMarks.mayBeIn(held, unwanted.format(), unwanted.refused());
            lookedFor = unwanted;
        }
        return found ? held.length() : 0;
    }

    /**
     * Takes it out, for which {@link #weigh(Unwanted)} is reserved and goes back.
     *
     * @param named as {@link #withModel} makes it
     */
    ByteSegments without(Unwanted unwanted, ByteSegments named) {
        long taken = weigh(unwanted);
        if (taken == 0) {
            return named;
        }
        ByteSegments left = ForeignMarks.without(named, unwanted.format(), unwanted.refused());
        holding.release(taken);
        return left;
    }

    /** It as it is held; null if it is not. */
    @Nullable
    ByteSegments bytes() {
        return bytes;
    }

    /** How what goes out differs from what came in. */
    BodyChange changeTo(@Nullable ByteSegments sent) {
        if (decoded) {
            return BodyChange.DECODED;
        }
        return sent == bytes ? BodyChange.NONE : BodyChange.REWRITTEN;
    }

    /** The length to declare upstream. */
    long lengthOf(@Nullable ByteSegments sent) {
        if (sent != null) {
            return sent.length();
        }
        return head.hasBody() ? head.contentLength() : UpstreamHead.UNDECLARED;
    }

    /**
     * What has to be reserved before it can be translated. If it has been read for another target before, that is what it
     * takes to write it once more.
     *
     * @param most how many values may be read
     * @throws GatewayException if it has more
     */
    long weigh(int most) {
        ByteSegments held = bytes;
        if (held == null) {
            return 0;
        }
        if (weight > 0) {
            return chat == null ? weight : weight / 2;
        }
        long nodes = JsonNodes.count(held);
        if (nodes > most) {
            throw GatewayException.coded(
                    FailureKind.INVALID_REQUEST,
                    "request_too_complex",
                    "The request has more than " + most
                            + " JSON values, which is the most that this gateway translates.");
        }
        weight = JsonWeight.of(nodes, held.length());
        return weight;
    }

    /** The chat that it is; read once, whatever becomes of the attempts. */
    ChatRequest chat(ApiCodec codec) {
        ChatRequest known = chat;
        if (known == null) {
            ByteSegments held = bytes;
            known = codec.decodeRequest(held == null ? new byte[0] : held.toByteArray());
            chat = known;
        }
        return known;
    }

    /** It has been written in another format: what that took beside the reading goes back. */
    void written() {
        holding.release(weight / 2);
    }

    /**
     * No other target will need it, and a stream may last for hours. While an attempt is still sending it, it stays.
     *
     * @param sent as the attempt sends it; null if it sends none
     */
    void release(@Nullable HeldBody sent) {
        bytes = null;
        scan = null;
        chat = null;
        if (sent == null || sent.forget()) {
            holding.release(reserved);
            reserved = 0;
        }
    }

    /** For one attempt. */
    static @Nullable HeldBody toSend(@Nullable ByteSegments body) {
        return body == null ? null : new HeldBody(body);
    }
}
