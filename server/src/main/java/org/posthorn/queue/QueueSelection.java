package org.posthorn.queue;

import java.util.Locale;
import java.util.Optional;
import org.posthorn.mail.Domain;

/**
 * Which messages a command of the queue means, other than by their ids: those that meet all of what is given, and every message where
 * nothing is.
 *
 * @param domain of a recipient that is not done
 * @param sender of the envelope, in any case; "" is the null sender, and {@code @example.org} any of that domain
 * @param held whether an administrator has stopped it
 */
public record QueueSelection(Optional<Domain> domain, Optional<String> sender, Optional<Boolean> held) {
    public QueueSelection {
        sender = sender.map(text -> text.toLowerCase(Locale.ROOT));
    }

    /** The same of those alone that are, or are not, held. */
    public QueueSelection ifHeld(boolean wanted) {
        return new QueueSelection(domain, sender, Optional.of(wanted));
    }

    boolean matches(QueueEntry entry) {
        synchronized (entry) {
            return held.stream().allMatch(wanted -> wanted == entry.held)
                    && sender.stream().allMatch(wanted -> isFrom(entry, wanted))
                    && domain.stream().allMatch(wanted -> isTo(entry, wanted));
        }
    }

    private static boolean isFrom(QueueEntry entry, String wanted) {
        String sender = entry.senderText().toLowerCase(Locale.ROOT);
        return wanted.startsWith("@") ? sender.endsWith(wanted) : sender.equals(wanted);
    }

    private static boolean isTo(QueueEntry entry, Domain wanted) {
        return entry.pending().stream()
                .anyMatch(recipient -> recipient.address().domain().equals(wanted));
    }
}
