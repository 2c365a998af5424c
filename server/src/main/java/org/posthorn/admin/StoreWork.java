package org.posthorn.admin;

import java.util.function.Supplier;
import org.posthorn.directory.DirectoryException;
import org.posthorn.mail.MalformedAddressException;
import org.posthorn.signing.DkimKeyException;

/** Work on the directory and the keys, whose reasons to refuse it become those of an administrator. */
final class StoreWork {
    private StoreWork() {}

    static <T> T result(Supplier<T> work) throws AdminException {
        try {
            return work.get();
        } catch (DirectoryException e) {
            throw refused(kind(e.reason()), e);
        } catch (DkimKeyException e) {
            throw refused(kind(e.reason()), e);
        } catch (MalformedAddressException e) {
            throw refused(AdminException.Kind.INVALID, e);
        }
    }

    static void run(Runnable work) throws AdminException {
        result(() -> {
            work.run();
            return true;
        });
    }

    private static AdminException refused(AdminException.Kind kind, RuntimeException e) {
        AdminException refused = new AdminException(kind, String.valueOf(e.getMessage()));
        refused.initCause(e);
        return refused;
    }

    private static AdminException.Kind kind(DirectoryException.Reason reason) {
        return switch (reason) {
            case INVALID -> AdminException.Kind.INVALID;
            case NOT_FOUND -> AdminException.Kind.NOT_FOUND;
            case EXISTS -> AdminException.Kind.EXISTS;
            case IN_USE -> AdminException.Kind.IN_USE;
            case FAILED -> AdminException.Kind.FAILED;
        };
    }

    private static AdminException.Kind kind(DkimKeyException.Reason reason) {
        return switch (reason) {
            case INVALID -> AdminException.Kind.INVALID;
            case NOT_FOUND -> AdminException.Kind.NOT_FOUND;
            case EXISTS -> AdminException.Kind.EXISTS;
            case CONFLICT -> AdminException.Kind.CONFLICT;
            case FAILED -> AdminException.Kind.FAILED;
        };
    }
}
