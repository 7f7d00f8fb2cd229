package io.plano.acceptance;

/** Prints one line for each check, {@code ok …} or {@code FAILED …}, and goes on after a failure. One thread. */
final class Report {
    private int failed;
    private String subject = "";

    /** What may throw anything, above all an {@link AssertionError}. */
    @FunctionalInterface
    interface Check {
        void run() throws Exception;
    }

    /** What the checks from now on are about; stands at the start of their lines. */
    void about(String newSubject) {
        subject = newSubject;
    }

    void check(String name, Check check) {
        try {
            check.run();
            System.out.println("ok " + subject + ": " + name);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (Exception | AssertionError failure) {
            failed++;
            String oneLine = String.valueOf(failure).replaceAll("\\s+", " ");
            System.out.println("FAILED " + subject + ": " + name + ": " + oneLine);
        }
    }

    boolean hasFailures() {
        return failed > 0;
    }
}
