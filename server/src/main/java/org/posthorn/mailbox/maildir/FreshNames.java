package org.posthorn.mailbox.maildir;

import org.posthorn.mailbox.EmailId;

/** Makes names for files, of which none is given twice. Thread-safe. */
record FreshNames(MaildirStore store) {
    /** For a file that is not whole yet. */
    String temporary() {
        return begin(store.unique());
    }

    /** For a message that is appended. */
    String appended(long size) {
        return sized(FileName.APPENDED + store.unique(), size, size);
    }

    /** For the copy of a message: tells under which key that was delivered. */
    String copied(Entry entry) {
        String key = new FileName(entry.base(), entry.info()).key();
        String unique = key.isEmpty() ? FileName.APPENDED + store.unique() : key + "-" + store.unique();
        return sized(unique, entry.fileSize(), entry.message().size());
    }

    /** For a message that moves: as {@link #copied}, and it keeps its id. */
    String moved(Entry entry) {
        EmailId id = entry.emailId();
        return FileName.withId(copied(entry), id);
    }

    private String sized(String unique, long fileSize, long size) {
        return begin(unique) + ",S=" + fileSize + ",W=" + size;
    }

    private String begin(String unique) {
        return store.now() / 1000 + "." + unique + "." + store.config().host();
    }
}
