package org.posthorn.server.pop3;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.posthorn.mail.Address;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.server.imap.MemoryMailboxStore;

/** Fails at the method that a test names, and counts what is open. */
final class FailingStore extends MemoryMailboxStore {
    /** Of an account's mail or of a mailbox. */
    volatile String failsAt = "";

    volatile boolean defect;
    final AtomicInteger open = new AtomicInteger();

    @Override
    public AccountMail open(Address account) throws IOException {
        AccountMail mail = super.open(account);
        open.incrementAndGet();
        return watched(AccountMail.class, mail);
    }

    private <T> T watched(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals(failsAt)) {
                        throw defect ? new IllegalStateException("a defect") : new IOException("disk is ill");
                    }
                    if (method.getName().equals("close")) {
                        open.decrementAndGet();
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
                    return result;
                }));
    }
}
