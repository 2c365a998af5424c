package org.posthorn.queue;

import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;

/** The queue's lines in the mail log, in Postfix's form, so that pflogsumm and its like read them. Thread-safe. */
final class DeliveryLog {
    private final MailLog log;

    DeliveryLog(MailLog log) {
        this.log = log;
    }

    void active(QueueEntry entry) {
        log.line(
                "qmgr",
                entry.id.text(),
                "from=<" + MailLog.safe(entry.senderText()) + ">, size=" + entry.size() + ", nrcpt="
                        + entry.recipients.length + " (queue active)");
    }

    void removed(QueueEntry entry) {
        log.line("qmgr", entry.id.text(), "removed");
    }

    void expired(QueueEntry entry) {
        log.line(
                "qmgr",
                entry.id.text(),
                "from=<" + MailLog.safe(entry.senderText()) + ">, status=expired, returned to sender");
    }

    void event(QueueEntry entry, String event, Object... pairs) {
        log.info("qmgr", entry.id.text(), event, pairs);
    }

    void failure(QueueEntry entry, String event, Throwable cause) {
        log.failure(MailLog.Level.ERROR, "qmgr", entry.id.text(), event, cause);
    }

    /** One recipient's outcome. */
    void outcome(Delivery delivery, Address to, Address original, DeliveryOutcome outcome, long nowMillis) {
        QueueEntry entry = delivery.entry;
        StringBuilder line = new StringBuilder(200);
        line.append("to=<").append(MailLog.safe(to.toString())).append('>');
        if (!to.equals(original)) {
            line.append(", orig_to=<").append(MailLog.safe(original.toString())).append('>');
        }
        line.append(", relay=").append(MailLog.safe(outcome.relay())).append(", delay=");
        seconds(line, nowMillis - entry.arrivedMillis).append(", delays=");
        seconds(line, delivery.activatedMillis - entry.arrivedMillis).append('/');
        long connected = connectedMillis(delivery, nowMillis);
        seconds(line, delivery.startedMillis - delivery.activatedMillis).append('/');
        seconds(line, connected - delivery.startedMillis).append('/');
        seconds(line, nowMillis - connected);
        line.append(", dsn=").append(outcome.status());
        line.append(", status=").append(word(outcome)).append(" (");
        line.append(MailLog.safe(outcome.text())).append(')');
        log.line(delivery.destination.transport(), entry.id.text(), line.toString());
    }

    /** Postfix's c of a/b/c/d: DNS, connection and handshakes; all of the attempt where no server was ready, nothing for a mailbox. */
    private static long connectedMillis(Delivery delivery, long nowMillis) {
        if (delivery.destination.isMailbox()) {
            return delivery.startedMillis;
        }
        return delivery.connectedMillis == 0 ? nowMillis : delivery.connectedMillis;
    }

    /** A recipient that no agent was asked for. */
    void unrouted(QueueEntry entry, RecipientProgress recipient, DeliveryOutcome outcome, long nowMillis) {
        StringBuilder line = new StringBuilder(200);
        line.append("to=<").append(MailLog.safe(recipient.address().toString())).append(">, relay=none, delay=");
        seconds(line, nowMillis - entry.arrivedMillis).append(", delays=");
        seconds(line, nowMillis - entry.arrivedMillis).append("/0/0/0, dsn=").append(outcome.status());
        line.append(", status=").append(word(outcome)).append(" (");
        line.append(MailLog.safe(outcome.text())).append(')');
        log.line("error", entry.id.text(), line.toString());
    }

    private static String word(DeliveryOutcome outcome) {
        return switch (outcome) {
            case DeliveryOutcome.Delivered ignored -> "sent";
            case DeliveryOutcome.Deferred ignored -> "deferred";
            case DeliveryOutcome.Failed ignored -> "bounced";
        };
    }

    /** Two significant digits below ten seconds, whole seconds from there, as Postfix writes them. */
    static StringBuilder seconds(StringBuilder to, long millis) {
        long positive = Math.max(0, millis);
        if (positive >= 9950) {
            return to.append((positive + 500) / 1000);
        }
        if (positive >= 995) {
            long tenths = (positive + 50) / 100;
            return to.append(tenths / 10).append(tenths % 10 == 0 ? "" : "." + tenths % 10);
        }
        long thousandths = positive < 100 ? positive : (positive + 5) / 10 * 10;
        if (thousandths == 0) {
            return to.append('0');
        }
        to.append("0.").append(thousandths / 100);
        if (thousandths % 100 != 0) {
            to.append(thousandths / 10 % 10);
        }
        return thousandths % 10 == 0 ? to : to.append(thousandths % 10);
    }
}
