package org.posthorn.admin;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** What an administrator sees of the queue and does with it. */
public interface QueueAdmin {
    /**
     * A message in short.
     *
     * @param size octets
     * @param state {@code active}, {@code deferred} or {@code held}
     * @param sender "" for the null sender
     * @param recipients that are not done
     * @param nextAttempt when it is tried again
     * @param reason why the last attempt failed, "" before the first
     */
    record Message(
            String id,
            Instant arrived,
            long size,
            String state,
            String sender,
            List<String> recipients,
            Optional<Instant> nextAttempt,
            String reason) {
        public Message {
            recipients = List.copyOf(recipients);
        }
    }

    /**
     * One recipient of a message.
     *
     * @param last what came of the last attempt: status, relay and text
     */
    record Recipient(
            String address, boolean done, int attempts, Optional<Instant> nextAttempt, Optional<String> last) {}

    /**
     * A message in full.
     *
     * @param header its header block, at most 64 KiB of it
     */
    record Details(Message message, List<Recipient> recipients, String header) {
        public Details {
            recipients = List.copyOf(recipients);
        }
    }

    /** What can be done with messages. */
    enum Change {
        /** Stop trying to deliver. */
        HOLD("held"),
        /** Let go on what is held. */
        RELEASE("released"),
        /** Drop without telling the sender. */
        DELETE("deleted"),
        /** Try now. */
        RETRY("tried now");

        private final String participle;

        Change(String participle) {
            this.participle = participle;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Says of how many messages it is done. */
        public String done(int count) {
            return (count == 1 ? "1 message " : count + " messages ") + participle;
        }
    }

    /** Which messages. */
    sealed interface Selection {
        /** These, in any case of letters. */
        record Ids(List<String> ids) implements Selection {
            public Ids {
                ids = List.copyOf(ids);
            }
        }

        /**
         * Those that meet all that is given; one at least is.
         *
         * @param toDomain of a recipient that is not done
         * @param sender an address, {@code @DOMAIN}, or {@code <>} for that of bounces
         */
        record Matching(Optional<String> toDomain, Optional<String> sender) implements Selection {}

        /** What waits for a destination: its name, or the domain of recipients. Only for {@link Change#RETRY}. */
        record Destination(String name) implements Selection {}

        /** All. */
        record All() implements Selection {}
    }

    /**
     * What a change came to.
     *
     * @param count of messages that it was done to
     * @param absent those asked for by id that are not in the queue
     */
    record Changed(int count, List<String> absent) {
        public Changed {
            absent = List.copyOf(absent);
        }
    }

    /**
     * Lists messages, oldest first.
     *
     * @param filter "" for all; {@code held}, {@code deferred} or {@code active}; or a text that is part of the sender, of a recipient
     *     that is not done, or of a destination, in any case
     * @param limit at most so many, at least 1
     * @param each gets them one by one
     * @return how many there are, listed or not
     */
    int list(String filter, int limit, Consumer<Message> each) throws AdminException, IOException;

    /** Shows one message. */
    Details show(String id) throws AdminException, IOException;

    /** Changes messages; where an id is none, nothing is done. */
    Changed change(Change change, Selection selection) throws AdminException, IOException;
}
