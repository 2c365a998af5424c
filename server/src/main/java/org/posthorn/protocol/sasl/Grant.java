package org.posthorn.protocol.sasl;

/** What a right password has given: access to an account, until its password is changed or it is removed. Thread-safe. */
@FunctionalInterface
public interface Grant {
    /** Of accounts whose logins never end early. */
    Grant FOR_GOOD = _ -> () -> {};

    /**
     * Says what is to happen when access ends; at once if it has ended already.
     *
     * @param ended run once, on whatever thread; must neither block nor throw
     */
    Hold whenOver(Runnable ended);

    /** To be closed with the session, which need not be told any more then. */
    @FunctionalInterface
    interface Hold extends AutoCloseable {
        @Override
        void close();
    }
}
