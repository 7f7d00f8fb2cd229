package io.plano.http;

import java.util.ArrayList;
import java.util.List;

/** The comma-separated lists that header fields hold (RFC 9110 §5.6.1), first of all that of Connection. */
public final class ConnectionOptions {
    private ConnectionOptions() {}

    /** Whether a Connection value is nothing but {@code keep-alive} or {@code close}, as almost every one is. */
    static boolean isPlain(String value) {
        return value.equalsIgnoreCase("keep-alive") || value.equalsIgnoreCase("close") || value.isEmpty();
    }

    /** Whether Connection names that option. */
    public static boolean names(Headers headers, String option) {
        for (String value : headers.all("Connection")) {
            if (isIn(value, option)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a value of Connection holds that option. */
    public static boolean isIn(String value, String option) {
        for (String member : split(value)) {
            if (member.equalsIgnoreCase(option)) {
                return true;
            }
        }
        return false;
    }

    /** The members without the blanks around them; empty ones do not count. */
    static List<String> split(String value) {
        List<String> members = new ArrayList<>(4);
        int start = 0;
        while (start <= value.length()) {
            int comma = value.indexOf(',', start);
            int end = comma < 0 ? value.length() : comma;
            String member = value.substring(start, end).strip();
            if (!member.isEmpty()) {
                members.add(member);
            }
            start = end + 1;
        }
        return members;
    }
}
