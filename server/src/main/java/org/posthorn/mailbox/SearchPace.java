package org.posthorn.mailbox;

/** How a search gives way to others, by the rules of who asks for it. An unchecked exception of either method ends the search. */
public interface SearchPace {
    /** Called before each message and each chunk of one that is read; may wait. */
    void pause();

    /**
     * Called before a message is read; may wait.
     *
     * @param octets of memory that this takes at most
     */
    Memory take(long octets);

    /** Memory that a message takes, given back when it has been looked at. */
    interface Memory extends AutoCloseable {
        @Override
        void close();
    }
}
