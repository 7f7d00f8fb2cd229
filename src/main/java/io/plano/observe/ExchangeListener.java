package io.plano.observe;

/** Hears of exchanges. Called on reactor and container threads, which serve many: an implementation never blocks. */
public interface ExchangeListener {
    /** The exchange is over, however it ended; called exactly once. */
    void closed(ExchangeRecord exchange);
}
