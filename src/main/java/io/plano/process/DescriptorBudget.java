package io.plano.process;

/**
 * What the limit of open files is shared out to. A limit that is used up stops everything at once, answers under way too,
 * so connections get only what is left behind a reserve for files, the log, the configuration and name lookups. Clients
 * and providers get half of it each: a client whose request is served over HTTP/1.1 takes a connection to a provider, so
 * more clients would only be let in to be refused. Immutable.
 *
 * @param limit of the process
 * @param connections to clients, and as many to providers
 * @param refusals clients over that number who may be told so at the same time; out of the reserve
 */
public record DescriptorBudget(long limit, int connections, int refusals) {
    private static final long MIN_RESERVE = 24;
    private static final long MAX_RESERVE = 512;
    private static final int MIN_CONNECTIONS = 1;

    /** For this process, by what it may open and has opened: for the start, before there are connections. */
    public static DescriptorBudget ofProcess() {
        long limit = OpenFiles.limit();
        return of(limit, limit == OpenFiles.UNLIMITED ? 0 : OpenFiles.count());
    }

    /**
     * A sixteenth is the reserve, but at least 24 and at most 512.
     *
     * @param limit {@link OpenFiles#UNLIMITED} for none
     * @param inUse what is open already, and stays so
     */
    public static DescriptorBudget of(long limit, long inUse) {
        long reserve = Math.max(MIN_RESERVE, Math.min(MAX_RESERVE, limit / 16));
        long half = Math.max(MIN_CONNECTIONS, (limit - inUse - reserve) / 2);
        return new DescriptorBudget(limit, (int) Math.min(Integer.MAX_VALUE, half), (int) (reserve / 2));
    }

    /** Whether so many exchanges can be open at the same time, each with a client and a provider of its own. */
    public boolean suffices(int exchanges) {
        return exchanges <= connections;
    }

    /** The limit of open files that so many exchanges need. */
    public long needed(int exchanges) {
        return (limit - 2L * connections) + 2L * exchanges;
    }
}
