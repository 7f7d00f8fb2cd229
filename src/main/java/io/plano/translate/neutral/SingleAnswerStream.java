package io.plano.translate.neutral;

/**
 * Takes one answer: one beginning, one end, no sign of life behind it. Why it ended and what it cost come in any order,
 * and more than once, so they are held until the end. One thread at a time.
 */
public abstract class SingleAnswerStream implements ChatStream {
    private Finish finish = new Finish(FinishReason.STOP);
    private Usage usage = Usage.NOTHING_KNOWN;
    private boolean started;
    private boolean over;

    @Override
    public final void started(AnswerStart start) {
        if (!started) {
            started = true;
            begin(start);
        }
    }

    @Override
    public final void ping() {
        if (!over) {
            stayAlive();
        }
    }

    @Override
    public final void finished(Finish how) {
        finish = how;
    }

    @Override
    public final void usage(Usage known) {
        usage = known;
    }

    @Override
    public final void ended() {
        if (!over) {
            over = true;
            end(finish, usage);
        }
    }

    @Override
    public final void failed(UpstreamError error) {
        if (!over) {
            over = true;
            fail(error, usage);
        }
    }

    protected final boolean hasBegun() {
        return started;
    }

    /** The answer begins. */
    protected abstract void begin(AnswerStart start);

    /** The provider is alive and has nothing to say. */
    protected abstract void stayAlive();

    /** The answer is complete. */
    protected abstract void end(Finish how, Usage cost);

    /**
     * The answer will never be complete.
     *
     * @param cost what is known of it
     */
    protected abstract void fail(UpstreamError error, Usage cost);
}
