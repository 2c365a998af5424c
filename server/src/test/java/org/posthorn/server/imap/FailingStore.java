package org.posthorn.server.imap;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.posthorn.mail.Address;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.HeldMessage;
import org.posthorn.mailbox.Mailbox;

/** Fails at the method that a test names, and counts what is open. */
public final class FailingStore extends MemoryMailboxStore {
    /** Of an account's mail, a mailbox or a message that is appended. */
    public volatile String failsAt = "";

    /** Finds nothing at that method. */
    public volatile String findsNothingAt = "";

    public volatile boolean defect;

    /** Where it is no defect. */
    public volatile IOException fault = new IOException("disk is ill");

    /** Accounts, mailboxes, messages that are appended and messages that are held. */
    public final AtomicInteger open = new AtomicInteger();

    /** Messages that were held so far. */
    public final AtomicInteger held = new AtomicInteger();

    @Override
    public AccountMail open(Address account) throws IOException {
        if (failsAt.equals("open")) {
            throw new IOException("disk is ill");
        }
        AccountMail mail = super.open(account);
        open.incrementAndGet();
        return watched(AccountMail.class, mail);
    }

    private Exception failure() {
        return defect ? new IllegalStateException("a defect") : fault;
    }

    private <T> T watched(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals(failsAt)) {
                        throw failure();
                    }
                    if (method.getName().equals(findsNothingAt)) {
                        return Optional.empty();
                    }
                    if (method.getName().equals("close")) {
                        open.decrementAndGet();
                    }
                    if (method.getName().equals("search")) {
                        // So that what it reads is watched too.
                        return InvocationHandler.invokeDefault(proxy, method, arguments);
                    }
                    Object result;
                    try {
                        result = method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (result instanceof Mailbox mailbox) {
                        open.incrementAndGet();
                        return watched(Mailbox.class, mailbox);
                    }
                    if (result instanceof Appender appender) {
                        open.incrementAndGet();
                        return watched(Appender.class, appender);
                    }
                    if (result instanceof Optional<?> found && found.orElse(null) instanceof HeldMessage message) {
                        held.incrementAndGet();
                        open.incrementAndGet();
                        return Optional.of(new HeldMessage(message.content(), () -> {
                            open.decrementAndGet();
                            message.close();
                        }));
                    }
                    return result;
                }));
    }
}
