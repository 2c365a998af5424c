package org.posthorn.server.smtp;

import java.util.LinkedHashMap;
import java.util.Map;
import org.posthorn.protocol.smtp.SmtpReply;

/** What was asked in a session and how often with success, for the line that Postfix writes at the end. */
final class Statistics {
    private static final class Count {
        private int good;
        private int all;
    }

    private final Map<String, Count> byVerb = new LinkedHashMap<>();
    private final Count total = new Count();

    void count(String verb, SmtpReply reply) {
        add(byVerb.computeIfAbsent(verb, ignored -> new Count()), reply);
        add(total, reply);
    }

    private static void add(Count count, SmtpReply reply) {
        count.all++;
        if (reply.code() < 400) {
            count.good++;
        }
    }

    /** {@code ehlo=1 mail=1 rcpt=1/2 data=1 quit=1 commands=5/6}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(80);
        byVerb.forEach((verb, count) -> append(text, verb, count).append(' '));
        return append(text, "commands", total).toString();
    }

    private static StringBuilder append(StringBuilder text, String name, Count count) {
        text.append(name).append('=').append(count.good);
        return count.good == count.all ? text : text.append('/').append(count.all);
    }
}
