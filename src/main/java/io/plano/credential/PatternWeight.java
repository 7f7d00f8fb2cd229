package io.plano.credential;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How large a regular expression becomes when its counted repetitions are written out, which is what RE2 does with them;
 * known before it does so. Reads the text once, and is only as exact as a limit has to be.
 */
final class PatternWeight {
    private final String text;
    private int at;

    /** What the groups around this one weigh so far. */
    private final Deque<Long> outer = new ArrayDeque<>();

    private long group;
    private long last;

    private PatternWeight(String text) {
        this.text = text;
    }

    static int of(String text) {
        return (int) Math.min(new PatternWeight(text).weigh(), Integer.MAX_VALUE);
    }

    private long weigh() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            switch (c) {
                case '(' -> {
                    outer.push(group);
                    group = 0;
                }
                case ')' -> {
                    long inner = group + 2;
                    group = outer.isEmpty() ? 0 : outer.pop();
                    add(inner);
                }
                case '{' -> repeat();
                case '[' -> {
                    skipClass();
                    add(1);
                }
                case '\\' -> {
                    at++;
                    add(1);
                }
                default -> add(1);
            }
        }
        while (!outer.isEmpty()) {
            group = bounded(group + outer.pop());
        }
        return Math.max(group, text.length());
    }

    private void add(long weight) {
        last = weight;
        group = bounded(group + weight);
    }

    /** No count grows a number beyond what a long holds, however many there are. */
    private static long bounded(long weight) {
        return Math.min(weight, 1L << 40);
    }

    private void repeat() {
        long most = 1;
        long count = 0;
        while (at < text.length() && text.charAt(at) != '}') {
            char c = text.charAt(at++);
            count = c >= '0' && c <= '9' ? Math.min(count * 10 + (c - '0'), 1000) : 0;
            most = Math.max(most, count);
        }
        at++;
        // An optional repetition is one more instruction each.
        long copies = bounded(last * 2 * (most - 1));
        group = bounded(group + copies);
        last = bounded(last + copies);
    }

    private void skipClass() {
        at += at < text.length() && text.charAt(at) == '^' ? 1 : 0;
        at += at < text.length() && text.charAt(at) == ']' ? 1 : 0;
        while (at < text.length() && text.charAt(at) != ']') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }
}
